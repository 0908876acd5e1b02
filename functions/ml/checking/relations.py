"""Whether columns still go together row by row, as far as linear regressions tell."""

import numpy as np

from functions.arrays import Floats
from functions.ml.checking.ruler import Ruler

_NEWEST = 60  # partitions from which the regressions are learned
_RIDGE = 0.02  # of a standardised column's variance: columns that say the same stay tame
_LEAST_VARIANCE = 1e-3  # keeps the logarithm of an exact relation finite
_LEANS = 0.2  # standard deviations of a column for one of another
LEAST_MEAN = 0.02
LEAST_SPREAD = 0.05  # natural logarithm
"""What is too small to matter in a regression's mean error, and in the spread of its errors."""


def regressed(ruler: Ruler) -> list[str]:
    """Name the column of each regression: numbers, and whether a column is null."""
    return [name for name, what in ruler.related if what in {None, ""}]


def regress(products: Floats, targets: int) -> Floats:
    """Learn how each of the first related columns follows from all others.

    Args:
        products: shape (partitions, related + 1, related + 1), mean products of a trusted window;
            what is related comes in the order of `Ruler.related`, and 1 last.
        targets: how many are regressed.

    Returns:
        shape (targets, related + 1): what the errors are made of; 1 for the target itself.

    Source: the coefficients of all regressions stand in the inverse of the matrix of products:
    Lauritzen, Graphical Models (1996), section 5.1.3.
    """
    mean = products[-_NEWEST:].mean(axis=0)
    ridge = np.full(len(mean), _RIDGE)
    ridge[-1] = 1e-9  # the constant is not shrunk
    inverse: Floats = np.linalg.inv(mean + np.diag(ridge))
    return inverse[:targets] / np.diag(inverse)[:targets, None]


def relation_errors(products: Floats, weights: Floats) -> Floats:
    """Describe the errors of the regressions in each partition.

    Args:
        products: shape (partitions, related + 1, related + 1).
        weights: shape (targets, related + 1), of `regress`.

    Returns:
        shape (partitions, 2 * targets): the mean error of each, then the logarithm of the spread.
    """
    mean = products[:, -1] @ weights.T
    square = ((weights @ products) * weights).sum(axis=2)
    spread = 0.5 * np.log(np.maximum(square - mean**2, 0) + _LEAST_VARIANCE)
    return np.hstack([mean, spread])


def partners_of(weights: Floats, products: Floats, ruler: Ruler) -> dict[str, tuple[str, ...]]:
    """Name the columns that each regressed column follows most, itself the first.

    Args:
        weights: shape (targets, related + 1), of `regress`.
        products: shape (partitions, related + 1, related + 1), what they were learned from.
        ruler: what it was measured with.
    """
    mean = products[-_NEWEST:].mean(axis=0)
    spreads = np.sqrt(np.maximum(np.diag(mean) - mean[-1] ** 2, 0))[:-1]
    found: dict[str, tuple[str, ...]] = {}
    for target, leans in zip(regressed(ruler), np.abs(weights[:, :-1]) * spreads, strict=True):
        most = [ruler.related[i][0] for i in np.flatnonzero(leans >= _LEANS)]
        found[target] = tuple(dict.fromkeys([*found.get(target, ()), target, *most]))
    return found
