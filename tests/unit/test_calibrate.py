import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import t

from functions.arrays import Floats
from functions.ml.checking.calibrate import heavy_quantile, limit_of
from functions.ml.checking.compare import MOST_SURPRISE

scores = arrays(np.float64, st.integers(2, 150), elements=st.floats(0, 1e6))


@pytest.mark.parametrize("p", [0.5, 0.8, 0.95, 1 - 1 / 60, 0.999, 0.9999])
def test_heavy_quantiles_agree_with_scipy(p: float) -> None:
    assert heavy_quantile(p) == pytest.approx(t.ppf(p, 3), abs=1e-6)


@pytest.mark.parametrize("budget", [10, 30, 60])
def test_about_one_clean_partition_in_the_budget_reaches_the_limit(budget: int) -> None:
    """One day in forty is a holiday or a storm, and moves four times as far as others do."""
    rng = np.random.default_rng(3)

    def worst(partitions: int) -> Floats:
        is_odd = rng.random(partitions) < 1 / 40
        return np.exp(rng.normal(0.9, 0.25, partitions)) * np.where(is_odd, 4, 1)

    alarms = [float(worst(1)[0]) >= limit_of(worst(150), budget) for _ in range(4_000)]

    assert 0.5 / budget <= np.mean(alarms) <= 2 / budget


@given(scores, st.integers(2, 1000))
def test_a_smaller_budget_never_lowers_the_limit(history: Floats, budget: int) -> None:
    assert limit_of(history, budget) <= limit_of(history, budget + 1)


@given(scores)
def test_the_order_of_partitions_does_not_matter(history: Floats) -> None:
    assert limit_of(history, 60) == pytest.approx(limit_of(history[::-1], 60))


def test_one_spoiled_partition_in_the_window_does_not_blind_the_limit() -> None:
    clean = np.random.default_rng(3).lognormal(1.0, 0.3, 28)
    spoiled = np.append(clean[:-1], 1e6)

    assert limit_of(spoiled, 60) == pytest.approx(limit_of(clean, 60), rel=0.6)


def test_a_window_in_which_nothing_moved_does_not_make_everything_an_alarm() -> None:
    still = np.full(28, 1.0)

    assert limit_of(still, 60) > 1.4


@pytest.mark.parametrize("few", [[0.5, 2.5], [0.3, 2.0, 1.1, 0.4], [0.9] * 5])
def test_after_ten_partitions_the_limit_lies_where_a_surprise_can_reach_it(
    few: list[float],
) -> None:
    assert max(few) < limit_of(np.array(few), 100) < MOST_SURPRISE
