import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.ml.judging.staleness import CADENCES, best_cadence, decay

VERSIONS, DAYS = 12, 10


def some_losses(growth: np.ndarray, noise: float = 0.0002, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Twelve versions, a week apart, on ten days of which each is hard in its own way."""
    rng = np.random.default_rng(seed)
    version, day = (each.ravel() for each in np.mgrid[0:VERSIONS, 0:DAYS])
    age = 1 + day + 7 * (VERSIONS - 1 - version)
    hard = rng.normal(scale=0.03, size=DAYS)[day]
    luck = rng.normal(scale=noise, size=VERSIONS)[version]
    loss = 0.15 + hard + luck + growth[age] + rng.normal(scale=noise, size=len(age))
    return version, day, age, loss


def best(growth: np.ndarray, worth: float) -> int:
    """The best cadence by adding up the true growth."""
    seen = 7 * (VERSIONS - 1) + DAYS
    cost = {
        every: (worth + sum(growth[1 + age] - growth[1] for age in range(every))) / every
        for every in CADENCES
        if every <= seen
    }
    return min(cost, key=lambda every: cost[every])


AGES = np.arange(100)
GROWTHS = {
    "slow": 0.00003 * AGES,
    "steady": 0.0001 * AGES,
    "fast": 0.0005 * AGES,
    "saturating": 0.02 * (1 - np.exp(-AGES / 15)),
    "sudden": np.where(AGES >= 20, 0.01, 0.0),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", GROWTHS)
def test_the_best_cadence_of_a_decay_is_recovered_to_one_step(name: str, seed: int) -> None:
    growth = GROWTHS[name]

    found = decay(*some_losses(growth, seed=seed))

    assert found is not None
    assert found.is_shown
    steps = CADENCES.index(best_cadence(found, 0.007)) - CADENCES.index(best(growth, 0.007))
    assert abs(steps) <= 1


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_curve_never_falls_and_begins_at_nothing(seed: int) -> None:
    found = decay(*some_losses(GROWTHS["steady"], noise=0.01, seed=seed))

    assert found is not None
    assert found.excess[0] == 0
    assert np.all(np.diff(found.excess) >= 0)


def test_where_versions_do_not_age_no_decay_is_shown() -> None:
    shown = [decay(*some_losses(0.0 * AGES, noise=0.002, seed=seed)) for seed in range(40)]

    assert sum(found is not None and found.is_shown for found in shown) <= 4


def test_hard_days_alone_are_no_decay() -> None:
    version, day, age, _ = some_losses(0.0 * AGES)

    found = decay(version, day, age, 0.1 + 0.01 * day)

    assert found is not None
    assert found.per_day == pytest.approx(0, abs=1e-12)
    assert np.allclose(found.excess, 0)


def test_a_decay_without_noise_is_measured_exactly() -> None:
    found = decay(*some_losses(GROWTHS["steady"], noise=0.0))

    assert found is not None
    assert found.per_day == pytest.approx(0.0001)
    assert found.excess[-1] == pytest.approx(0.0001 * (found.ages[-1] - found.ages[0]), rel=0.05)


def test_of_few_versions_or_one_age_nothing_is_said() -> None:
    version, day, age, loss = some_losses(GROWTHS["steady"])
    three = version < 3

    assert decay(version[three], day[three], age[three], loss[three]) is None
    assert decay(version, version, age * 0, loss) is None


def test_a_cadence_by_hand() -> None:
    """A day later costs 0.001 more: 1 day 6, 2 days 3.5, 3 days 3, 5 days 3.2 thousandths a day."""
    version, day, age, loss = some_losses(0.001 * AGES, noise=0.0)

    found = decay(version, day, age, loss)

    assert found is not None
    assert best_cadence(found, 0.006) == 3
