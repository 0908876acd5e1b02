import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats

from functions.arrays import Floats
from functions.ml.judging.intervals import difference, estimate, grouped, student_975


def mean(sums: Floats) -> Floats:
    return np.asarray(sums[..., 0] / sums[..., 1])


def of_rows(values: Floats, partition: NDArray[np.intp]) -> Floats:
    return grouped(partition).sums(values, np.ones(len(values)))


def covered(days: int, rows: int, between: float, seed: int) -> float:
    """Say how often the interval of a paired difference holds the true one, of 1,000 times.

    Each day helps or hurts the version by an amount of its own.
    """
    rng = np.random.default_rng(seed)
    partition = np.repeat(np.arange(days), rows)
    held = 0
    for _ in range(1000):
        help_of_day = rng.normal(0.01, between, days)[partition]
        gains = help_of_day + rng.normal(0, 0.1, days * rows)
        found = estimate(mean, of_rows(gains, partition))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.01 <= found.high
    return held / 1000


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 19, 200])
def test_the_points_of_student_are_those_of_scipy(freedom: int) -> None:
    assert student_975(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=0.002)


def test_of_single_rows_it_is_the_interval_of_any_textbook() -> None:
    values = np.array([1.0, 4.0, 2.0, 7.0])

    found = estimate(mean, of_rows(values, np.zeros(4, np.intp)))

    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert found is not None
    assert (found.low, found.middle, found.high) == pytest.approx((low, 3.5, high), abs=0.01)


@given(arrays(np.float64, 7, elements=st.floats(-100, 100)))
def test_of_days_of_one_size_it_is_the_textbook_interval_of_their_means(days: Floats) -> None:
    partition = np.repeat(np.arange(7), 3)

    found = estimate(mean, of_rows(days[partition], partition))

    half = float(stats.t.ppf(0.975, 6)) * float(stats.sem(days))
    assert found is not None
    assert found.low is not None
    assert found.middle - found.low == pytest.approx(half, rel=0.002, abs=1e-9)


@pytest.mark.parametrize("between", [0.0, 0.02])
@pytest.mark.parametrize("days", [5, 14])
def test_the_interval_holds_the_true_gain_19_times_of_20_when_days_are_alike_or_not(
    days: int, between: float
) -> None:
    assert 0.93 <= covered(days, 60, between, seed=days) <= 0.97


def test_with_fewer_days_rows_count_as_independent_which_holds_when_they_are() -> None:
    assert 0.93 <= covered(2, 200, 0.0, seed=1) <= 0.97
    assert covered(2, 200, 0.02, seed=1) < 0.9


def test_five_partitions_are_groups_and_four_are_not() -> None:
    five, four = grouped(np.arange(5).repeat(10)), grouped(np.arange(4).repeat(10))

    assert (five.are_partitions, five.count) == (True, 5)
    assert (four.are_partitions, four.count) == (False, 20)


def test_partitions_that_have_no_row_in_a_slice_do_not_count() -> None:
    assert grouped(np.array([2, 2, 5, 7, 8, 11])).count == 5


def test_a_number_that_is_not_defined_has_no_estimate() -> None:
    assert estimate(mean, np.zeros((3, 2))) is None


def test_a_number_that_hangs_on_one_group_has_no_interval() -> None:
    only_there = np.array([[1.0, 2.0], [0.0, 0.0], [0.0, 0.0]])

    found = estimate(mean, only_there)

    assert found is not None
    assert (found.middle, found.low, found.high) == (0.5, None, None)


def test_one_row_says_nothing_of_the_spread() -> None:
    found = estimate(mean, of_rows(np.array([3.0]), np.zeros(1, np.intp)))

    assert found is not None
    assert (found.middle, found.low) == (3.0, None)


def test_no_rows_have_no_estimate() -> None:
    assert estimate(mean, of_rows(np.empty(0), np.empty(0, np.intp))) is None


def test_what_two_numbers_share_cancels_out_of_their_difference() -> None:
    rng = np.random.default_rng(0)
    partition = np.arange(8).repeat(25)
    hard = rng.normal(0, 5, 8)[partition]
    one, other = hard + rng.normal(0.2, 0.1, 200), hard + rng.normal(0, 0.1, 200)

    apart = estimate(mean, of_rows(one, partition))
    paired = difference(mean, of_rows(other, partition), mean, of_rows(one, partition))

    assert apart is not None
    assert apart.low is not None
    assert paired is not None
    assert paired.low is not None
    assert paired.middle == pytest.approx(one.mean() - other.mean())
    assert paired.middle - paired.low < (apart.middle - apart.low) / 20
