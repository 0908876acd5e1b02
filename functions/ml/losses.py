"""The proper losses of each row, for every kind of target."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.domain.target import Target

Predictions = NDArray[np.float64]
"""Shape (rows,): the probability of a 1, or a number; (rows, classes) of several classes."""
Truths = NDArray[np.float64]
"""Shape (rows,): 0 or 1, the place of the class in the config, or a number."""


_SMALLEST: Final = float(np.finfo(np.float64).eps)  # what is certain and wrong costs 36 nats


def losses(target: Target, predictions: Predictions, truths: Truths) -> NDArray[np.float64]:
    """Say how wrong each prediction was; shape (rows,), 0..1, less is better.

    Binary: Brier score. Several classes: half of Brier's original score, which ends at 2. A
    number: its squared error as a share of the square of the target's span, cut off at 1. A
    quantile: its pinball loss as a share of the span, cut off at 1.

    Source: Brier, Verification of forecasts expressed in terms of probability (1950); Koenker and
    Bassett, Regression quantiles (1978).
    """
    if target.task == "binary":
        errors: Predictions = predictions - truths
        return errors**2
    if target.task == "multiclass":
        is_class = truths[:, np.newaxis] == np.arange(len(target.classes))
        total: Predictions = np.square(predictions - is_class).sum(axis=1)
        return total / 2
    low, high = target.between or (0.0, 1.0)
    if target.quantile is not None:
        of_rows = pinball_losses(target.quantile, predictions, truths)
        return np.minimum(of_rows / (high - low), 1.0)
    return np.minimum(np.square((predictions - truths) / (high - low)), 1.0)


def pinball_losses(
    quantile: float, predictions: Predictions, truths: Truths
) -> NDArray[np.float64]:
    """Say how wrong each quantile was, in the unit of the target; shape (rows,), >= 0.

    A prediction that is too low costs `quantile` times its error, one that is too high the rest.
    """
    too_low = truths - predictions
    return np.asarray(np.maximum(quantile * too_low, (quantile - 1) * too_low))


def log_losses(target: Target, predictions: Predictions, truths: Truths) -> NDArray[np.float64]:
    """Say how unlikely each truth was held to be, in nats; shape (rows,), of labels only."""
    if target.task == "binary":
        of_truth = np.where(truths == 1, predictions, 1 - predictions)
    else:
        of_truth = predictions[np.arange(len(truths)), truths.astype(np.intp)]
    return np.asarray(-np.log(np.clip(of_truth, _SMALLEST, 1)))
