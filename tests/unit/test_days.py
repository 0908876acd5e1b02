import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.days import Days, excess
from functions.arrays import Floats
from functions.ml.differences import days_of


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


days = st.lists(st.tuples(st.integers(1, 50), st.floats(-1, 1)), min_size=5, max_size=12)


@given(days, st.integers(0, 5))
def test_days_may_be_put_together_in_any_order(listed: list[tuple[int, float]], turn: int) -> None:
    one_by_one = [Days.of(rows, rows * mean, rows * mean**2 + 0.1) for rows, mean in listed]
    forwards, turned = Days(), Days()
    for day in one_by_one:
        forwards = forwards.plus(day)
    for day in one_by_one[turn:] + one_by_one[:turn]:
        turned = turned.plus(day)

    assert excess(forwards) == pytest.approx(excess(turned), rel=1e-6)
    assert (excess(forwards) or 0) >= 1
