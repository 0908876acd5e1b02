"""How predictions turned out: the mean loss, and the numbers that people read for the task."""

from dataclasses import dataclass

import numpy as np

from core.domain.target import Target
from functions.ml.judging.mistakes import decisions
from functions.ml.losses import Predictions, Truths, log_losses, losses, pinball_losses


@dataclass(frozen=True)
class TurnedOut:
    """How predictions of some rows did against what became true."""

    loss: float
    """0..1, see `losses`; of classes it is the Brier score."""
    log_loss: float | None = None
    """In nats; this and the accuracy are `None` of numbers."""
    accuracy: float | None = None
    mean_absolute_error: float | None = None
    """In the target's unit; this and what follows are `None` of classes."""
    root_mean_squared_error: float | None = None
    mean_pinball_loss: float | None = None
    """Of a quantile, which has neither of the two; in the target's unit."""
    quantile: float | None = None


def turned_out(target: Target, cut: float, predictions: Predictions, truths: Truths) -> TurnedOut:
    """Measure predictions against the truth; at least one row.

    Args:
        target: what was predicted.
        cut: of a binary target, the score above which the decision is a 1.
        predictions: shape (rows,), or (rows, classes) in the order of the target.
        truths: shape (rows,).
    """
    loss = float(np.mean(losses(target, predictions, truths)))
    if target.quantile is not None:
        of_rows = pinball_losses(target.quantile, predictions, truths)
        mean = float(np.mean(of_rows))
        return TurnedOut(loss, mean_pinball_loss=mean, quantile=target.quantile)
    if target.task == "regression":
        errors = predictions - truths
        return TurnedOut(
            loss,
            mean_absolute_error=float(np.mean(np.abs(errors))),
            root_mean_squared_error=float(np.sqrt(np.mean(errors**2))),
        )
    return TurnedOut(
        loss,
        log_loss=float(np.mean(log_losses(target, predictions, truths))),
        accuracy=float(np.mean(decisions(target, cut, predictions) == truths)),
    )
