"""Whether the target is distributed otherwise among the rows a version is judged by."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FEWEST_DAYS: Final = 6
_NORMAL: Final = 3.29  # 99.9 % of a normal distribution, both sides
_LEAST: Final = 0.03  # of a share, or of a standard deviation: less matters to nobody
_MOST_ALIKE: Final = 0.8  # of neighbouring days; more cannot be told from a trend


@dataclass(frozen=True)
class Shift:
    """One share, or mean, that moved."""

    place: int
    """Of the class; 0 where there is one number only."""
    learned: float
    judged: float


def prior_shift(learned: Floats, judged: Floats, scale: float = 1.0) -> Shift | None:
    """Say which class moved most, if any moved by more than days differ by chance.

    The days are the sample, not their rows: rows of one day share its weather. Neighbouring days
    are alike too, which widens the interval as a series with that much memory needs it.

    Args:
        learned: shape (days, classes), the share of each class on each day learned from.
        judged: shape (other days, classes), on the days that it is judged by.
        scale: by which a difference is divided before it is called small.

    Source: Student's interval for two means, its standard error widened by the autocorrelation as
    in Bayley and Hammersley (1946).
    """
    days = len(learned) + len(judged)
    if days < _FEWEST_DAYS or min(len(learned), len(judged)) == 0:
        return None
    differences = judged.mean(axis=0) - learned.mean(axis=0)
    apart = np.vstack([learned - learned.mean(axis=0), judged - judged.mean(axis=0)])
    degrees = days - 2
    spread = np.sqrt(np.square(apart).sum(axis=0) / degrees)
    standard = spread * np.sqrt(1 / len(learned) + 1 / len(judged)) * _memory(apart)
    limit = student(_NORMAL, degrees) * standard
    clear = np.abs(differences) - np.maximum(limit, _LEAST * scale)
    most = int(np.argmax(clear))
    if clear[most] < 0:
        return None
    return Shift(most, float(learned.mean(axis=0)[most]), float(judged.mean(axis=0)[most]))


def _memory(apart: Floats) -> Floats:
    """Say by how much neighbouring days that are alike widen the interval, >= 1."""
    total = np.square(apart).sum(axis=0)
    alike = (apart[1:] * apart[:-1]).sum(axis=0) / np.where(total == 0, 1, total)
    kept = np.clip(alike, 0, _MOST_ALIKE)
    widened: Floats = np.sqrt((1 + kept) / (1 - kept))
    return widened


def student(normal: float, degrees: int) -> float:
    """Turn a normal quantile into Student's (Abramowitz and Stegun 26.7.5)."""
    first = (normal**3 + normal) / 4
    second = (5 * normal**5 + 16 * normal**3 + 3 * normal) / 96
    third = (3 * normal**7 + 19 * normal**5 + 17 * normal**3 - 15 * normal) / 384
    return normal + first / degrees + second / degrees**2 + third / degrees**3
