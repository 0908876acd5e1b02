"""How surprising an error of a forecast is, in units of the errors that this series makes."""

import numpy as np

from functions.arrays import Floats, or_zero

_HALF_LIFE = 100  # partitions, of an error's weight in the usual size
_LARGEST_HALF_LIFE = 150  # partitions, of the memory of the largest error
_LARGEST_SCORES = 2.0  # an error as large as the largest before is two units out at the most
_CAP = 12.0  # units beyond which an error counts no more: one spoiled day must not blind us


def surprise(errors: Floats, new: Floats, least: Floats) -> tuple[Floats, Floats]:
    """Measure errors in units of their usual size.

    The usual size is the root mean square of the errors, but at least half the largest of them:
    heavy tails of the past make the future less surprising. Each past error is measured with all
    others, itself left out, as if it had come last; so past and new surprises can be compared
    however short the past is.

    Args:
        errors: shape (partitions, series), oldest first; not-a-number where unknown.
        new: shape (series,), of the partition in question.
        least: shape (series,), > 0: what is too small to matter in any case.

    Returns:
        shape (partitions, series) and shape (series,), both >= 0.

    Source: ours; leaving one out as in Barber et al., Predictive inference with the jackknife+
    (Annals of Statistics 49, 2021).
    """
    sizes = np.abs(or_zero(errors))
    age = np.arange(len(sizes))[::-1, None]
    weight = 0.5 ** (age / _HALF_LIFE)
    total = weight.sum()
    typical = np.sqrt((weight * sizes**2).sum(axis=0) / total + least**2)
    capped = np.minimum(sizes, _CAP * typical)

    squares = weight * capped**2
    remembered = capped * 0.5 ** (age / _LARGEST_HALF_LIFE)
    series = np.arange(sizes.shape[1])
    where = remembered.argmax(axis=0)
    largest = remembered[where, series]
    others = remembered.copy()
    others[where, series] = 0
    second = others.max(axis=0)

    unit = _unit(squares.sum(axis=0) / total, largest, least)
    without = np.maximum(squares.sum(axis=0) - squares, 0) / np.maximum(total - weight, weight)
    left_out = _unit(without, np.where(age[::-1] == where, second, largest), least)
    return sizes / left_out, np.abs(or_zero(new)) / unit


def _unit(mean_square: Floats, largest: Floats, least: Floats) -> Floats:
    return np.maximum(np.sqrt(mean_square + least**2), largest / _LARGEST_SCORES)
