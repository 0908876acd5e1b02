"""Which bin each prediction falls into, and what became of the rows of each bin."""

import numpy as np

from core.domain.curve import BINS, Curve, scale_of
from core.domain.target import Target
from functions.arrays import Counts
from functions.ml.judging.mistakes import mistakes
from functions.ml.losses import Predictions, Truths, losses


def said_bins(target: Target, predictions: Predictions) -> tuple[int, ...]:
    """Count the rows of each bin.

    Args:
        target: what is predicted.
        predictions: shape (rows,), or (rows, classes), where the likeliest class counts.
    """
    return tuple(np.bincount(_places(target, predictions), minlength=BINS).tolist())


def curve_of(target: Target, cut: float, predictions: Predictions, truths: Truths) -> Curve:
    """Add up, bin by bin, how wrong the rows were.

    Args:
        target: what was predicted.
        cut: of a binary target, a score above this counts as a 1.
        predictions: shape (rows,), or (rows, classes).
        truths: shape (rows,).
    """
    places = _places(target, predictions)
    wrong = losses(target, predictions, truths), mistakes(target, cut, predictions, truths)
    lost, mistaken = (np.bincount(places, each, BINS).round(6).tolist() for each in wrong)
    rows = np.bincount(places, minlength=BINS).tolist()
    return Curve(
        scale=scale_of(target), rows=tuple(rows), losses=tuple(lost), mistakes=tuple(mistaken)
    )


def _places(target: Target, predictions: Predictions) -> Counts:
    low, high = target.between or (0.0, 1.0)
    said = predictions.max(axis=1) if predictions.ndim > 1 else predictions
    share = np.clip((said - low) / (high - low), 0.0, 1.0)
    return np.minimum((share * BINS).astype(np.int64), BINS - 1)
