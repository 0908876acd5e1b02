import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.days import Days, excess, lasting_excess
from functions.arrays import Floats
from functions.ml.judging.differences import days_of


def drawn(means: Floats, rows: int, seed: int) -> Days:
    """Days with these true means, and pairs that vary by 0.1 about them."""
    pairs = np.random.default_rng(seed).normal(means[:, np.newaxis], 0.1, (len(means), rows))
    return days_of(np.clip(pairs, -1, 1).ravel(), np.repeat(np.arange(len(means)), rows))


def test_days_that_differ_by_chance_alone_are_seldom_called_different() -> None:
    found = [excess(drawn(np.zeros(20), 400, seed)) or 0 for seed in range(200)]

    assert np.mean(found) < 1.15
    assert np.mean(np.array(found) == 1.0) > 0.7


def test_the_variance_of_days_is_told_as_a_multiple_of_that_of_chance() -> None:
    rng = np.random.default_rng(3)
    found = [excess(drawn(rng.normal(0, 0.015, 40), 400, seed)) or 0 for seed in range(60)]

    # Chance gives 0.1 / sqrt(400) = 0.005; with 0.015 on top the variance is ten times as large.
    assert np.median(found) == pytest.approx(10, rel=0.15)


def test_four_free_days_are_needed() -> None:
    day = Days.of(100, 1.0, 1.0)

    assert excess() is None
    assert excess(*[day] * 10) is None, "groups of one day say nothing of how days differ"
    assert excess(day.plus(day).plus(day).plus(day)) is None
    assert excess(day.plus(day).plus(day).plus(day).plus(day)) == 1.0


def test_a_mean_that_moved_between_two_groups_is_no_difference_between_days() -> None:
    before, now = drawn(np.full(7, 0.05), 400, 1), drawn(np.full(7, -0.05), 400, 2)

    assert (excess(before, now) or 9) < 1.5
    assert (excess(before.plus(now)) or 0) > 50


def test_pairs_that_are_all_alike_differ_by_nothing() -> None:
    assert excess(days_of(np.zeros(50), np.repeat(np.arange(10), 5))) == 1.0


def test_a_day_without_pairs_is_no_day() -> None:
    assert Days.of(0, 0.0, 0.0) == Days()


def varying(means: Floats) -> Days:
    """Days with just these means, which vary far more than by chance."""
    days = Days()
    for mean in means.tolist():
        days = days.plus(Days.of(100, 100 * mean, 100 * (mean**2 + 1e-6)))
    return days


def test_days_that_do_not_resemble_those_before_them_count_once() -> None:
    rng = np.random.default_rng(5)
    found = [varying(rng.normal(0, 0.01, 60)) for _ in range(40)]

    times = [(lasting_excess(days) or 0) / (excess(days) or 1) for days in found]

    assert min(times) >= 1
    assert np.median(times) < 1.3


def test_days_of_a_week_of_one_weather_count_several_times() -> None:
    rng = np.random.default_rng(6)
    found = [varying(np.repeat(rng.normal(0, 0.01, 20), 7)) for _ in range(40)]

    times = [(lasting_excess(days) or 0) / (excess(days) or 1) for days in found]

    # A sum of whole weeks varies seven times as much; a week of lags sees most of it.
    assert 3.5 < np.median(times) < 7
    assert max(times) <= 15


def test_where_days_differ_by_chance_alone_nothing_can_last() -> None:
    assert lasting_excess(days_of(np.zeros(50), np.repeat(np.arange(10), 5))) == 1.0
    assert lasting_excess(varying(np.zeros(3))) is None
    assert lasting_excess(drawn(np.zeros(20), 400, 3)) == excess(drawn(np.zeros(20), 400, 3)) == 1.0


@given(st.lists(st.floats(-1, 1), max_size=25), st.lists(st.floats(-1, 1), max_size=25))
def test_whatever_days_come_together_is_possible(some: list[float], more: list[float]) -> None:
    early, late = varying(np.array(some)), varying(np.array(more))

    assert early.plus(late).is_possible
    assert early.centred().plus(late.centred()).is_possible


lists_of_means = st.lists(st.floats(-1, 1), min_size=1, max_size=25)


@given(lists_of_means, st.integers(0, 25), st.integers(0, 25))
def test_days_add_up_wherever_they_are_cut(means: list[float], one: int, other: int) -> None:
    listed = np.array(means)
    whole, (early, middle, late) = varying(listed), np.split(listed, sorted((one, other)))

    from_the_left = varying(early).plus(varying(middle)).plus(varying(late))
    from_the_right = varying(early).plus(varying(middle).plus(varying(late)))

    for found in (from_the_left, from_the_right):
        assert found.together == pytest.approx(whole.together, abs=1e-9)
        assert (found.first, found.last) == (whole.first, whole.last)


@given(lists_of_means)
def test_what_days_have_together_is_what_their_deviations_say(means: list[float]) -> None:
    listed = np.array(means)
    off = listed - listed.mean()

    days = varying(listed)

    by_hand = [float(off[lag:] @ off[:-lag]) if lag < len(off) else 0.0 for lag in range(1, 8)]
    assert days.together == pytest.approx(by_hand, abs=1e-9)
    assert days.centred().together == pytest.approx(by_hand, abs=1e-9)


days = st.lists(st.tuples(st.integers(1, 50), st.floats(-1, 1)), min_size=5, max_size=12)


@given(days, st.integers(0, 5))
def test_how_much_days_differ_does_not_go_by_their_order(
    listed: list[tuple[int, float]], turn: int
) -> None:
    one_by_one = [Days.of(rows, rows * mean, rows * mean**2 + 0.1) for rows, mean in listed]
    forwards, turned = Days(), Days()
    for day in one_by_one:
        forwards = forwards.plus(day)
    for day in one_by_one[turn:] + one_by_one[:turn]:
        turned = turned.plus(day)

    assert excess(forwards) == pytest.approx(excess(turned), rel=1e-6)
    assert (excess(forwards) or 0) >= 1
