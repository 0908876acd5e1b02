"""How far two distributions over the same bins are apart."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_HALF_A_ROW = 0.5  # an empty bin is not infinite news


def psi_terms(expected: Counts, actual: Counts) -> Floats:
    """Return what each bin adds to the population stability index; each term is >= 0.

    Args:
        expected: shape (bins,), counts of the trusted window.
        actual: shape (bins,), counts of the partition on the same bins.
    """
    e, a = _shares(expected), _shares(actual)
    return (a - e) * np.log(a / e)


def psi(expected: Counts, actual: Counts) -> float:
    """Population stability index of `actual` against `expected`, in nats, >= 0.

    Args:
        expected: shape (bins,), counts of the trusted window.
        actual: shape (bins,), counts of the partition on the same bins.

    Source: Siddiqi, Credit Risk Scorecards (2006), on stability. It is the symmetrised
    Kullback-Leibler divergence of Jeffreys (1946).
    """
    return float(psi_terms(expected, actual).sum())


def excess(expected: Counts, actual: Counts) -> float:
    """Logarithm of 1 + how many times the index exceeds what sampling alone would give.

    Between two samples of one distribution the index is about (bins - 1)(1/n + 1/m) in the mean:
    measured in that unit, a small partition does not look worse for being small.

    Source: Yurdakul and Naranjo, Statistical properties of the population stability index,
    Journal of Risk Model Validation 14(4), 2020; the logarithm is ours.
    """
    rows = max(int(actual.sum()), 1), max(int(expected.sum()), 1)
    by_chance = max(len(expected) - 1, 1) * (1 / rows[0] + 1 / rows[1])
    return float(np.log1p(psi(expected, actual) / by_chance))


def _shares(counts: Counts) -> Floats:
    floored = np.maximum(counts, _HALF_A_ROW)
    return np.asarray(floored / floored.sum(), dtype=np.float64)
