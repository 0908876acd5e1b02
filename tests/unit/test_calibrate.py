import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import t

from core.domain.finding import Kind
from core.domain.reference import Usual
from functions.ml.calibrate import limit_of, student_quantile
from functions.ml.movement import distance, noise_of, usual_of
from functions.ml.stability import Floats

histories = arrays(np.float64, st.integers(5, 60), elements=st.floats(-1e9, 1e9))


@pytest.mark.parametrize("degrees", [9, 27, 90])
@pytest.mark.parametrize("p", [0.8, 0.95, 1 - 1 / 60, 0.999])
def test_quantiles_of_student_agree_with_scipy(p: float, degrees: int) -> None:
    assert student_quantile(p, degrees) == pytest.approx(t.ppf(p, degrees), abs=0.01)


@pytest.mark.parametrize("budget", [10, 60])
def test_about_one_clean_partition_in_the_budget_reaches_the_limit(budget: int) -> None:
    rng = np.random.default_rng(3)

    alarms = [
        float(rng.lognormal(1.2, 0.4)) >= (limit_of(rng.lognormal(1.2, 0.4, 28), budget) or 0)
        for _ in range(6_000)
    ]

    assert np.mean(alarms) == pytest.approx(1 / budget, rel=0.35)


def test_one_spoiled_partition_in_the_window_does_not_blind_the_limit() -> None:
    clean = np.random.default_rng(3).lognormal(1.0, 0.3, 28)
    spoiled = np.append(clean[:-1], 1e6)

    assert limit_of(spoiled, 60) == pytest.approx(limit_of(clean, 60), rel=0.5)


def test_too_few_partitions_give_no_limit() -> None:
    assert limit_of(np.ones(9), 60) is None


def test_a_window_in_which_nothing_moved_does_not_make_everything_an_alarm() -> None:
    assert limit_of(np.zeros(28), 60) == 2.0


@given(histories)
def test_no_trusted_partition_lies_further_than_two_units_out(history: Floats) -> None:
    usual = usual_of(history)
    assert usual is not None

    assert all(distance(value, usual, 1e-9) <= 2 + 1e-6 for value in history)


@given(histories, st.floats(-1e9, 1e9))
def test_a_distance_is_never_negative_and_shrinks_with_noise(history: Floats, seen: float) -> None:
    usual = usual_of(history)
    assert usual is not None

    assert 0 <= distance(seen, usual, 1e6) <= distance(seen, usual, 1.0) + 1e-12


def test_less_than_usual_is_no_surprise_where_only_more_counts() -> None:
    usual = Usual(mean=5, deviation=1, farthest=1, low=4, high=6)

    assert distance(1, usual, 0.1, only_above=True) == 0
    assert distance(1, usual, 0.1) > 3


def test_what_is_not_a_number_is_as_far_away_as_can_be() -> None:
    assert distance(np.inf, Usual(mean=5, deviation=1, farthest=1, low=4, high=6), 0.1) == 1e6


def test_fewer_than_five_numbers_say_nothing_about_what_is_usual() -> None:
    assert usual_of(np.array([1.0, 2.0, np.nan, 3.0, 4.0])) is None


@pytest.mark.parametrize("kind", list(Kind))
def test_noise_is_positive_and_not_smaller_for_fewer_rows(kind: Kind) -> None:
    usual = Usual(mean=0.2, deviation=0, farthest=0, low=0.2, high=0.2)

    assert 0 < noise_of(kind, usual, 10_000, 3.0) <= noise_of(kind, usual, 50, 3.0)
