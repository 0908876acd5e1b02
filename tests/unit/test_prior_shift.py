import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from functions.ml.training.prior_shift import prior_shift, student


def shares(*values: float) -> np.ndarray:
    return np.array(values)[:, np.newaxis]


def test_a_share_that_jumps_is_named_with_both_numbers() -> None:
    shift = prior_shift(shares(0.20, 0.22, 0.18, 0.20, 0.20), shares(0.40, 0.42, 0.38))

    assert shift is not None
    assert (shift.place, round(shift.learned, 3), round(shift.judged, 3)) == (0, 0.2, 0.4)


def test_days_that_differ_among_themselves_need_a_larger_jump() -> None:
    assert prior_shift(shares(0.1, 0.4, 0.2, 0.5, 0.1), shares(0.4, 0.5, 0.3)) is None


def test_a_jump_that_matters_to_nobody_is_none() -> None:
    assert prior_shift(shares(*[0.2] * 20), shares(*[0.22] * 7)) is None


def test_neighbours_that_are_alike_count_for_less() -> None:
    slow = np.repeat([0.15, 0.25, 0.15, 0.25], 5)
    mixed = np.tile([0.15, 0.25], 10)
    later = shares(0.32, 0.28, 0.32, 0.28, 0.30)

    assert prior_shift(shares(*mixed), later) is not None
    assert prior_shift(shares(*slow), later) is None


def test_of_several_classes_the_one_that_moved_most_is_named() -> None:
    learned = np.array([[0.2, 0.3, 0.5], [0.21, 0.3, 0.49]] * 5)
    judged = np.array([[0.3, 0.1, 0.6], [0.3, 0.11, 0.59], [0.31, 0.1, 0.59]])

    shift = prior_shift(learned, judged)

    assert shift is not None
    assert shift.place == 1


@pytest.mark.parametrize(("learned", "judged"), [(3, 2), (8, 0)])
def test_of_few_days_nothing_is_said(learned: int, judged: int) -> None:
    assert prior_shift(shares(*[0.1] * learned), shares(*[0.9] * judged)) is None


@given(st.lists(st.floats(0, 1), min_size=3, max_size=20), st.integers(2, 8))
def test_days_that_were_learned_from_do_not_differ_from_themselves(
    days: list[float], times: int
) -> None:
    assert prior_shift(shares(*days * times), shares(*days)) is None


@pytest.mark.parametrize("degrees", [5, 12, 40])
def test_the_limit_is_that_of_student(degrees: int) -> None:
    assert student(3.29, degrees) == pytest.approx(
        stats.t.ppf(stats.norm.cdf(3.29), degrees), rel=0.05
    )
