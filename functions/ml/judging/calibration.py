"""Whether what a model says comes true so often as it says."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.domain.evaluation import Bin, Calibration
from functions.arrays import Floats
from functions.ml.judging.intervals import estimate
from functions.ml.judging.judged import Judged

_BINS: Final = 10
_FEWEST: Final = 20  # rows of a bin; fewer make no mean worth showing
_COLUMNS: Final = 4  # rows, said, was, squared difference


def calibration(judged: Judged) -> Calibration | None:
    """Compare what was said with what was true, in bins of equally many rows.

    Said is the probability of a 1; of several classes, that of the likeliest one, and true whether
    it was right; of a number, the number itself, and the part of the loss is a share of the square
    of its span; of a quantile, which share of the truths should not lie above it, and was. `None`
    when there are too few rows for two bins.

    Args:
        judged: the rows.

    Source: the reliability term of Murphy, A new vector partition of the probability score (1973),
    less its bias by chance, after Ferro and Fricker, A bias-corrected decomposition of the Brier
    score (2012); the error: Guo, Pleiss, Sun and Weinberger, On calibration of modern neural
    networks (2017), with bins of equally many rows.
    """
    bins = min(_BINS, judged.rows // _FEWEST)
    if bins < 2:  # noqa: PLR2004 - one bin compares nothing but means
        return None
    said, was = _said_and_was(judged)
    is_quantile = judged.target.quantile is not None
    place = _place(judged.predictions if is_quantile else said, bins)
    bins = int(place.max()) + 1
    sums = _sums(judged, place, bins, said, was)
    low, high = judged.target.between or (0.0, 1.0)
    error = estimate(lambda s: _error(s, bins), sums)
    part = estimate(lambda s: _part_of_loss(s, bins) / (high - low) ** 2, sums)
    if error is None or part is None:
        return None
    rows, total_said, total_was, _ = sums.sum(axis=0).reshape(_COLUMNS, bins)
    return Calibration(
        error=error,
        part_of_loss=None if is_quantile else part,
        bins=tuple(
            Bin(rows=int(n), said=float(s / n), was=float(w / n))
            for n, s, w in zip(rows, total_said, total_was, strict=True)
        ),
    )


def _said_and_was(judged: Judged) -> tuple[Floats, Floats]:
    if judged.target.task == "multiclass":
        right = (judged.decided == judged.truths).astype(np.float64)
        return judged.predictions.max(axis=1), right
    if judged.target.quantile is not None:
        is_below = (judged.truths <= judged.predictions).astype(np.float64)
        return np.full(judged.rows, judged.target.quantile), is_below
    return judged.predictions, judged.truths


def _place(said: Floats, bins: int) -> NDArray[np.intp]:
    """Cut at quantiles; rows that are said the same stay together, so there may be fewer bins."""
    edges = np.unique(np.quantile(said, np.arange(1, bins) / bins))
    _, place = np.unique(np.searchsorted(edges, said, side="left"), return_inverse=True)
    return place.astype(np.intp)


def _sums(judged: Judged, place: NDArray[np.intp], bins: int, said: Floats, was: Floats) -> Floats:
    """Add up by group and bin; shape (groups, columns * bins)."""
    groups = judged.groups
    at = groups.of_row * bins + place
    columns = (np.ones(judged.rows), said, was, (was - said) ** 2)
    added = [np.bincount(at, column, groups.count * bins) for column in columns]
    return np.hstack([column.reshape(groups.count, bins) for column in added])


def _error(sums: Floats, bins: int) -> Floats:
    rows, said, was = (sums[..., at * bins : (at + 1) * bins] for at in range(3))
    return np.asarray(np.abs(was - said).sum(axis=-1) / rows.sum(axis=-1))


def _part_of_loss(sums: Floats, bins: int) -> Floats:
    rows, said, was, squares = (sums[..., at * bins : (at + 1) * bins] for at in range(_COLUMNS))
    filled = np.maximum(rows, 1)
    off = (was - said) / filled
    by_chance = (squares / filled - off**2) / np.maximum(rows - 1, 1)
    return np.asarray((rows * (off**2 - by_chance)).sum(axis=-1) / rows.sum(axis=-1))
