"""What is decided on each prediction, and how wrong that was, for every kind of target."""

import numpy as np

from core.domain.target import Target
from functions.arrays import Floats
from functions.ml.losses import Predictions, Truths, losses


def decisions(target: Target, cut: float, predictions: Predictions) -> Floats:
    """Say what is done on each prediction of a label; shape (rows,).

    Args:
        target: 0 or 1 is decided of a binary one, else the place of the likeliest class.
        cut: of a binary target, a score above this counts as a 1.
        predictions: one for each row.
    """
    is_one_of_many = target.task == "multiclass"
    return np.asarray(
        predictions.argmax(axis=1) if is_one_of_many else predictions > cut, dtype=np.float64
    )


def mistakes(target: Target, cut: float, predictions: Predictions, truths: Truths) -> Floats:
    """Say of each row whether it was decided wrongly; shape (rows,), 0 or 1.

    Of a number, which nobody decides, its absolute error as a share of the target's span, cut off
    at 1; of a quantile, which may be far from the truth and right, its pinball loss.

    Args:
        target: what is predicted.
        cut: of a binary target, a score above this counts as a 1.
        predictions: one for each row.
        truths: of the same rows.
    """
    if target.task != "regression":
        return np.asarray(decisions(target, cut, predictions) != truths, dtype=np.float64)
    if target.quantile is not None:
        return losses(target, predictions, truths)
    low, high = target.between or (0.0, 1.0)
    return np.asarray(np.minimum(np.abs(predictions - truths) / (high - low), 1.0))
