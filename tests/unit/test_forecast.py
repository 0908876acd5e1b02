import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from functions.arrays import Floats
from functions.ml.checking.forecast import choose, forecast
from functions.ml.checking.surprise import surprise

series = arrays(
    np.float64, st.tuples(st.integers(2, 40), st.just(3)), elements=st.floats(-1e3, 1e3)
)


def chosen_error(
    values: Floats, weekdays: "np.ndarray[tuple[int], np.dtype[np.int64]] | None"
) -> float:
    """How far off the chosen forecast of the last value is."""
    every = forecast(values[:-1], weekdays)
    best = choose(np.abs(values[:-1] - every[:, :-1]))
    return float(abs(every[best[-1, 0], -1, 0] - values[-1, 0]))


@given(series)
def test_no_forecast_knows_what_comes_after(values: Floats) -> None:
    weekdays = np.arange(len(values) + 1) % 7
    half = len(values) // 2 + 1

    early = forecast(values[:half], weekdays[: half + 1])
    whole = forecast(values, weekdays)

    assert early[:4] == pytest.approx(whole[:4, : half + 1])


@given(series)
def test_forecasts_lie_within_what_was_seen(values: Floats) -> None:
    every = forecast(values, None)

    low, high = values.min(axis=0) - 1e-6, values.max(axis=0) + 1e-6
    assert ((every >= low) & (every <= high)).all()


def test_a_constant_is_forecast_exactly() -> None:
    assert (forecast(np.full((20, 1), 4.0), np.arange(21) % 7) == 4.0).all()


def test_a_weekly_pattern_is_learned() -> None:
    weekdays = np.arange(71) % 7
    values = np.where(weekdays[:-1] == 5, 600.0, 900.0)[:, None]

    assert chosen_error(values[:69], weekdays[:69]) < 1
    assert chosen_error(values[:69], None) < 1 or chosen_error(values[:69], None) > 100


def test_growth_is_followed_by_what_looks_at_the_newest() -> None:
    assert chosen_error(np.arange(60.0)[:, None], None) <= 1.5


def test_what_is_missing_changes_no_forecast() -> None:
    values = np.array([[1.0], [2.0], [np.nan]])

    every = forecast(values, None)

    assert every[3, :, 0].tolist() == [1.0, 1.0, 2.0, 2.0]  # the last value that is known


@given(series)
def test_surprises_are_never_negative_and_one_more_is_measured_like_the_past(
    values: Floats,
) -> None:
    least = np.full(3, 0.1)

    past, new = surprise(values, values[-1], least)

    assert (past >= 0).all()
    assert (new >= 0).all()
    assert (new <= 2 + 1e-9).all()  # as large as the largest before: two units at the most


@given(series, st.floats(0.01, 100))
def test_surprise_has_no_unit(values: Floats, factor: float) -> None:
    least = np.full(3, 0.1)

    _, new = surprise(values, np.full(3, 5.0), least)
    _, scaled = surprise(values * factor, np.full(3, 5.0) * factor, least * factor)

    assert scaled == pytest.approx(new, rel=1e-6)


def test_leaving_one_out_makes_the_largest_error_as_surprising_as_it_was() -> None:
    errors = np.append(np.random.default_rng(0).normal(size=40), 9.0)[:, None]

    past, _ = surprise(errors, np.zeros(1), np.full(1, 0.01))

    assert past.argmax() == 40
    assert past[40, 0] > 5
