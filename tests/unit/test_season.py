import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.partition import days_before
from functions.arrays import Counts, Floats
from functions.ml.checking.forecast import SLOW, choose, forecast
from functions.ml.checking.season import WINDOW, LastYear, moments_of, worth_comparing

FIRST = "2013-01-01"
RNG = np.random.default_rng(4)


def days(count: int, every: int = 1) -> list[str]:
    return [days_before(FIRST, -every * at) for at in range(count)]


def last_year_of(count: int, every: int = 1) -> LastYear:
    found = LastYear.of(moments_of(days(count, every)))
    assert found is not None
    return found


def error(values: Floats, last_year: LastYear | None, weekdays: Counts | None = None) -> float:
    """How far off the chosen forecast of the last value is."""
    every = forecast(values[:-1, None], weekdays, last_year)
    best = choose(np.abs(values[:-1, None] - every[:, :-1]), last_year)
    return float(abs(every[best[-1, 0], -1, 0] - values[-1]))


def test_an_hour_of_a_day_has_its_own_moment() -> None:
    midnight, noon, day_after = moments_of(["2013-03-01", "2013-03-01T12", "2013-03-02"])

    assert (noon - midnight, day_after - midnight) == (12, 24)


@pytest.mark.parametrize("every", [1, 7])
def test_a_history_shorter_than_a_year_has_no_year_before(every: int) -> None:
    year = 365 // every

    assert LastYear.of(moments_of(days(year - 8 // every, every))) is None
    assert LastYear.of(moments_of(days(year + 16, every))) is not None


def test_of_a_long_history_the_newest_and_the_same_weeks_of_last_year_are_compared() -> None:
    chosen = worth_comparing(moments_of(days(421)), 420).tolist()

    assert chosen[-WINDOW:] == list(range(420 - WINDOW, 420))
    assert chosen[:-WINDOW] == list(range(420 - 364 - 35, 420 - 364 + 9))


def test_of_weeks_two_hundred_reach_far_enough() -> None:
    assert worth_comparing(moments_of(days(301, every=7)), 300).tolist() == list(range(100, 300))


def test_where_it_is_not_known_when_partitions_came_the_newest_are_compared() -> None:
    assert worth_comparing(None, 420).tolist() == list(range(420 - WINDOW, 420))
    assert worth_comparing(None, 12).tolist() == list(range(12))


def test_a_turn_of_the_year_is_expected_by_who_saw_the_last_one() -> None:
    """Each spring values rise by 40 within four weeks, at a level that grows by the year."""
    weeks = np.arange(120)
    season = np.clip(weeks % 52 - 12, 0, 4) * 10.0 - np.clip(weeks % 52 - 38, 0, 4) * 10.0
    values = season + 0.1 * weeks + RNG.normal(0, 1, len(weeks))
    spring = 104 + 15

    of_year = error(values[: spring + 1], last_year_of(spring + 1, every=7))

    assert of_year < 4 < error(values[: spring + 1], None)


def test_a_year_that_says_nothing_is_not_followed() -> None:
    values = RNG.normal(0, 1, 120)

    found = [error(values[:n], last_year_of(n, every=7)) for n in range(100, 121)]

    assert np.mean(found) < 1.1 * np.mean([error(values[:n], None) for n in range(100, 121)])


def test_a_holiday_is_forgiven_that_stood_out_last_year_and_a_breakdown_is_not() -> None:
    values = RNG.normal(100, 1, (400, 1))
    holiday, today = 400 - 366, values[-1].copy()
    values[holiday] -= 60
    values[-1] = 100 - 60
    last_year = last_year_of(400)
    levels = forecast(values[:-1], None, last_year)[SLOW]

    def forgiven() -> float:
        return float(last_year.nearer(values - levels, values, levels)[-1, 0])

    assert abs(forgiven()) < 5
    values[-1] = 100 + 60
    assert forgiven() == pytest.approx(60, abs=5)
    values[-1] = today
    assert abs(forgiven()) < 5


@given(st.integers(370, 420), st.integers(0, 10_000))
def test_no_error_ever_becomes_larger(count: int, seed: int) -> None:
    values = np.random.default_rng(seed).standard_t(2, (count, 2))
    last_year = last_year_of(count)
    levels = forecast(values[:-1], None, last_year)[SLOW]

    nearer = last_year.nearer(values - levels, values, levels)

    assert (np.abs(nearer) <= np.abs(values - levels)).all()
