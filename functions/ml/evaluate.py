"""The one evaluator: scores and labels in, numbers out; nothing here knows a model or a day."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.domain.version import Gain, Metrics

Scores = NDArray[np.float64]
Labels = NDArray[np.int8] | NDArray[np.float64]

_NORMAL_975: Final = 1.959963984540054  # the 97.5 % point of the normal distribution
_SMALLEST: Final = float(np.finfo(np.float64).eps)  # a certain score that is wrong costs 36 nats


def measure(scores: Scores, labels: Labels) -> Metrics:
    """Measure predictions against labels.

    Args:
        scores: shape (rows,), the predicted probability of label 1, 0..1; at least one row.
        labels: shape (rows,), 0 or 1.
    """
    return Metrics(
        rows=len(labels),
        base_rate=float(np.mean(labels)),
        brier=float(np.mean(_squared_errors(scores, labels))),
        log_loss=_log_loss(scores, labels),
        accuracy=float(np.mean((scores > 0.5) == (labels == 1))),  # noqa: PLR2004 - one half
        roc_auc=_roc_auc(scores, labels),
    )


def brier_gain(version: Scores, champion: Scores, labels: Labels) -> Gain:
    """Brier score of the champion less that of the version, with a 95 % interval; > 0 is better.

    Each row is its own control, so that what makes a day hard for both cancels out. Rows count as
    independent; those of one day are not quite, so the interval is somewhat too narrow.

    Args:
        version: shape (rows,), its scores; at least two rows.
        champion: shape (rows,), the champion's scores of the same rows.
        labels: shape (rows,), 0 or 1.

    Source: the paired interval of any textbook, by normal approximation.
    """
    return loss_gain(_squared_errors(version, labels), _squared_errors(champion, labels))


def loss_gain(version: Scores, champion: Scores) -> Gain:
    """Mean loss of the champion less that of the version, as `brier_gain` does.

    Args:
        version: shape (rows,), the loss of each row; at least two rows.
        champion: shape (rows,), the champion's losses on the same rows.
    """
    gains = champion - version
    middle = float(np.mean(gains))
    half = _NORMAL_975 * float(np.std(gains, ddof=1)) / float(np.sqrt(len(gains)))
    return Gain(low=middle - half, middle=middle, high=middle + half)


def _squared_errors(scores: Scores, labels: Labels) -> Scores:
    return (scores - labels) ** 2


def _log_loss(scores: Scores, labels: Labels) -> float:
    of_truth = np.clip(np.where(labels == 1, scores, 1 - scores), _SMALLEST, 1)
    return float(-np.mean(np.log(of_truth)))


def _roc_auc(scores: Scores, labels: Labels) -> float | None:
    """How often a row with label 1 scores above a row with label 0; ties count half.

    Source: Hanley and McNeil (1982), by the rank sum of Mann and Whitney.
    """
    is_one = labels == 1
    ones, zeros = int(np.sum(is_one)), int(np.sum(~is_one))
    if ones == 0 or zeros == 0:
        return None
    _, place, ties = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(ties) - (ties - 1) / 2
    rank_sum = float(np.sum(ranks[place][is_one]))
    return (rank_sum - ones * (ones + 1) / 2) / (ones * zeros)
