"""How much days differ and hang together, for many runs at once: as `core.domain.days` says it."""

import numpy as np

from functions.arrays import Floats
from infra.local.gate_bench.worlds import DAY

_LAGS = 7
_NOTHING = 1e-15


def excess(before: Floats, since: Floats, values: Floats) -> Floats:
    """Say at each look by how many times days differ more than by chance; shape (runs, looks).

    Args:
        before: shape (runs, days, values), how often each difference fell on validation days.
        since: shape (runs, looks, values), the same of each day of the trial.
        values: shape (values,), the differences.
    """
    theirs, of_chance = _means_and_chances(before, values)
    means, chances = _means_and_chances(since, values)
    days, known = np.arange(1, means.shape[1] + 1), theirs.shape[1]
    spread = np.square(means).cumsum(axis=1) - means.cumsum(axis=1) ** 2 / days
    spread += theirs.var(axis=1, keepdims=True) * known
    chance = (chances.cumsum(axis=1) + of_chance.sum(axis=1, keepdims=True)) / (days + known)
    return _beyond(spread, chance, days - 1 + known - 1)


def lasting_excess(before: Floats, since: Floats, values: Floats) -> Floats:
    """Say the same of one row of days that may resemble those before them; see `excess`."""
    means, chances = _means_and_chances(np.concatenate([before, since], axis=1), values)
    days = np.arange(1, means.shape[1] + 1)
    mean = means.cumsum(axis=1) / days
    spread = np.square(means).cumsum(axis=1) - days * mean**2
    chance = chances.cumsum(axis=1) / days
    alike = sum(2 * (1 - lag / (_LAGS + 1)) * _together(means, lag) for lag in range(1, _LAGS + 1))
    times = 1 + alike / np.maximum(spread - (days - 1) * chance, _NOTHING)
    on_trial = slice(before.shape[1], None)
    much = _beyond(spread[:, on_trial], chance[:, on_trial], days[on_trial] - 1)
    return np.asarray(1 + (much - 1) * np.clip(times[:, on_trial], 1, 2 * _LAGS + 1))


def _means_and_chances(of_day: Floats, values: Floats) -> tuple[Floats, Floats]:
    means = of_day @ values / DAY
    return means, (of_day @ np.square(values) / DAY - means**2) / DAY


def _beyond(spread: Floats, chance: Floats, freedom: Floats) -> Floats:
    ratio = spread / freedom / np.maximum(chance, _NOTHING)
    return np.asarray(np.maximum(ratio - np.sqrt(2 / freedom), 1.0))


def _together(means: Floats, lag: int) -> Floats:
    """Sum up the deviations of days times those of so many days before; shape (runs, days)."""
    days = np.arange(1, means.shape[1] + 1)
    mean = means.cumsum(axis=1) / days
    early, late, both = (np.zeros_like(means) for _ in range(3))
    late[:, lag:] = means[:, lag:].cumsum(axis=1)
    early[:, lag:] = means[:, :-lag].cumsum(axis=1)
    both[:, lag:] = (means[:, lag:] * means[:, :-lag]).cumsum(axis=1)
    pairs = np.maximum(days - lag, 0)
    return np.asarray(both - mean * (early + late) + pairs * mean**2)
