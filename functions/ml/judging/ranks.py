"""The area under the ROC curve as means over rows."""

import numpy as np

from functions.arrays import Flags, Floats


def auc_parts(scores: Floats, is_one: Flags) -> tuple[float, Floats, Floats]:
    """Say the area, and of each row how large a share of the other label it is right about.

    Args:
        scores: shape (rows,).
        is_one: shape (rows,), the label.

    Returns:
        The area, NaN where all labels are the same; for each row with label 1 the share of zeros
        that score below it, for each row with label 0 the share of ones above it; else 0. The
        mean of either is the area.

    Source: DeLong, DeLong and Clarke-Pearson (1988); by ranks: Sun and Xu (2014); summed over
    clusters: Obuchowski, Nonparametric analysis of clustered ROC curve data (1997).
    """
    above, below = np.zeros(len(scores)), np.zeros(len(scores))
    ones, zeros = int(is_one.sum()), int((~is_one).sum())
    if ones == 0 or zeros == 0:
        return float("nan"), above, below
    ranks = _ranks(scores)
    above[is_one] = (ranks[is_one] - _ranks(scores[is_one])) / zeros
    below[~is_one] = 1 - (ranks[~is_one] - _ranks(scores[~is_one])) / ones
    return float(above[is_one].mean()), above, below


def _ranks(values: Floats) -> Floats:
    """Rank from 1 up; values that are the same share their mean rank."""
    _, place, ties = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(ties) - (ties - 1) / 2)[place]
    return ranks
