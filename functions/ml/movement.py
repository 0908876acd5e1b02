"""How far a number lies from where it usually is, in units of how much it usually moves."""

from math import hypot, isfinite, sqrt

import numpy as np

from core.domain.finding import Kind
from core.domain.reference import Usual
from functions.ml.stability import Floats

_FEWEST = 5  # below this, a deviation is a guess
_FARTHEST_SCORES = 2.0  # the farthest trusted partition lies two units out at the most
_LARGEST = 1e6

# What is too small to be worth a look, however still the history was.
_STILL_SHARE = 0.002
_STILL_ROWS = 2
_STILL_MEAN = 0.07  # of the column's standard deviation
_STILL_SPREAD = 0.12  # natural logarithm: about 12 %
_STILL_SHAPE = 0.25  # natural logarithm, see `stability.excess`
_STILL_ROW_COUNT = 0.03  # natural logarithm: about 3 %


def usual_of(values: Floats) -> Usual | None:
    """Describe how a number behaved over the trusted partitions; `None` if too few have it.

    Args:
        values: shape (partitions,); not-a-number where a partition says nothing.
    """
    known = values[np.isfinite(values)]
    if len(known) < _FEWEST:
        return None
    mean = float(known.mean())
    return Usual(
        mean=mean,
        deviation=float(known.std()),
        farthest=float(np.abs(known - mean).max()),
        low=float(known.min()),
        high=float(known.max()),
    )


def distance(seen: float, usual: Usual, noise: float, *, only_above: bool = False) -> float:
    """Say how far `seen` is from the usual mean, >= 0.

    The unit is the usual deviation together with the noise, but at least half the way to the
    farthest trusted partition: heavy tails of the past make the future less surprising.

    Args:
        seen: the partition's number.
        usual: how it behaved before.
        noise: what is too small to matter in a partition of this size, > 0.
        only_above: less than usual is no surprise.

    Source: ours, after the max envelope of the prototype that was measured beside its peers.
    """
    unit = max(hypot(usual.deviation, noise), usual.farthest / _FARTHEST_SCORES)
    away = (seen - usual.mean) / unit
    if not isfinite(away):
        return _LARGEST
    return min(max(away, 0.0) if only_above else abs(away), _LARGEST)


def noise_of(kind: Kind, usual: Usual, rows: int, spread: float) -> float:
    """Say what is too small to matter: what sampling does to so many rows, and a little more.

    Args:
        kind: a share, a mean, a spread, a shape or a row count.
        usual: how it behaved before.
        rows: how many rows the number was taken from, >= 1.
        spread: the column's standard deviation over all trusted rows.
    """
    if kind in {Kind.NULLS, Kind.ZEROS}:
        share = min(max(usual.mean, 0.0), 1.0)
        return sqrt(share * (1 - share) / rows) + _STILL_ROWS / rows + _STILL_SHARE
    if kind is Kind.MEAN:
        return spread * (_STILL_MEAN + 1 / sqrt(rows)) + float(np.finfo(float).tiny)
    if kind is Kind.SPREAD:
        return _STILL_SPREAD + 1 / sqrt(rows)
    return _STILL_ROW_COUNT if kind is Kind.ROWS else _STILL_SHAPE
