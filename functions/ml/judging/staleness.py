"""From losses at several ages to a curve that never falls, and the cadence that costs least."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CADENCES: Final = (1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 60, 90, 120, 180, 365)
FEWEST_VERSIONS: Final = 4
_ROUNDS: Final = 30
_CLEAR: Final = 2.5  # standard errors: versions are few, and each has its luck


@dataclass(frozen=True)
class Decay:
    """How the loss depends on age."""

    ages: Ints
    """Shape (ages,), ascending: those that were seen."""
    excess: Floats
    """Shape (ages,): loss beyond that of the first, never falling."""
    per_day: float
    is_shown: bool
    """Whether the growth is more than the luck of single versions."""


def decay(versions: Ints, days: Ints, ages: Ints, losses: Floats) -> Decay | None:
    """Fit a curve to the losses of versions on days; `None` when the versions are too few.

    A hard day is hard for every version, so that each day has an effect of its own, and only
    versions that predicted the same day are compared. Whether there is a decay at all is asked of
    the slope, with an error that lets the points of one version depend on each other.

    Args:
        versions: shape (points,), the number of the version.
        days: shape (points,), the number of the day.
        ages: shape (points,), in days, >= 0.
        losses: shape (points,), 0..1.

    Source: two-way fixed effects with cluster-robust errors (Cameron and Miller, 2015); the curve
    by pooling adjacent violators, alternating with the effects of the days (Mammen and Yu, 2007).
    """
    each = np.unique(versions)
    age, loss = _within(ages.astype(np.float64), days), _within(losses, days)
    spread = float(np.sum(np.square(age)))
    if len(each) < FEWEST_VERSIONS or spread == 0:
        return None
    slope = float(np.sum(age * loss)) / spread
    left = age * (loss - slope * age)
    sums = np.array([np.sum(left[versions == version]) for version in each])
    error = float(np.sqrt(np.sum(np.square(sums)) * len(each) / (len(each) - 1))) / spread
    is_shown = slope > 0 and slope > _CLEAR * error
    known, excess = _curve(days, ages, losses)
    return Decay(known, excess, slope, is_shown)


def best_cadence(curve: Decay, worth: float) -> int:
    """Say which of the cadences costs least, of those whose ages were seen.

    With a cadence of T days the ages from 0 to T - 1 are served for a day each, and one retraining
    is paid: (worth + the excess of these days) / T.

    Args:
        curve: how the loss grows.
        worth: what a retraining costs, in loss times days, > 0.
    """
    seen = int(curve.ages[-1] - curve.ages[0]) + 1
    ages = curve.ages[0] + np.arange(seen)
    paid = worth + np.cumsum(np.interp(ages, curve.ages, curve.excess))
    offered = [every for every in CADENCES if every <= seen] or [1]
    return min(offered, key=lambda every: float(paid[every - 1]) / every)


def _curve(days: Ints, ages: Ints, losses: Floats) -> tuple[Ints, Floats]:
    rising, effects = IsotonicRegression(), np.zeros(len(losses))
    fitted = np.zeros(len(losses))
    for _ in range(_ROUNDS):
        effects = losses - fitted - _within(losses - fitted, days)
        fitted = rising.fit_transform(ages.astype(np.float64), losses - effects)
    known = np.unique(ages)
    excess = rising.predict(known.astype(np.float64))
    return known, excess - excess[0]


def _within(values: Floats, days: Ints) -> Floats:
    """Take from each value the mean of its day."""
    _, place = np.unique(days, return_inverse=True)
    means = np.bincount(place, values) / np.bincount(place)
    return np.asarray(values - means[place])
