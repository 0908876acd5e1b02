"""The one limit of a model: taken from how much its own trusted partitions differ."""

from functools import cache
from math import exp, pi, sqrt, tan

import numpy as np

from functions.arrays import Floats

FEWEST_PARTITIONS = 10
"""With fewer nothing can be said about how much partitions differ."""

_OFFSET = 0.05  # keeps the logarithm of a score of zero finite
_LARGEST_SCORE = 6.0  # one spoiled partition in the window must not blind the limit
_TAIL, _FEWEST_OF_TAIL = 10, 3  # the largest tenth of the scores says how far clean partitions go
_USUAL_SCALE = 0.26  # natural logarithm; of the worst scores of most tables
_LEAST_SCALE = 0.07  # a short, quiet window is not a promise of quiet
_WORTH = 10  # partitions: so many of its own a table needs before they count as much as that
_EXACT = 1e-9


def limit_of(worst_scores: Floats, partitions_per_false_alarm: int, widened: float = 1.0) -> float:
    """Say which worst score about one clean partition in so many reaches.

    The worst score of a partition is the largest over all columns. One limit on that maximum
    holds for all columns together, however they depend on each other; it needs no correction for
    their number. Above the median, the logarithms of the scores are held to lie like Student's t
    with three degrees of freedom, scaled so that its largest tenth is as large as theirs: holidays
    and storms make the tail of clean partitions about that heavy. A few scores say little of how
    far scores go, much too little or too much by chance: so what is usual elsewhere counts as well.

    Args:
        worst_scores: shape (partitions,), each >= 0, at least two.
        partitions_per_false_alarm: the alarm budget, >= 2.
        widened: how many times as far from the median the limit lies.

    Source: Westfall and Young, Resampling-Based Multiple Testing (1993), on the maximum; the tail
    is ours: clean partitions of public tables reach the limit about as often as the budget says.
    The weighing of variances: Gelman et al., Bayesian Data Analysis (2013), section 2.6.
    """
    n = len(worst_scores)
    logs = np.sort(np.log(np.minimum(worst_scores, _LARGEST_SCORE) + _OFFSET))
    median = float(np.median(logs))
    largest = min(max(n // _TAIL, _FEWEST_OF_TAIL), n // 2)
    own = (float(logs[-largest:].mean()) - median) / _mean_of_largest(largest, n)
    scale = sqrt((n * own**2 + _WORTH * _USUAL_SCALE**2) / (n + _WORTH))
    far = heavy_quantile(1 - 1 / partitions_per_false_alarm)
    return exp(median + widened * far * max(scale, _LEAST_SCALE)) - _OFFSET


@cache
def _mean_of_largest(largest: int, n: int) -> float:
    """Average where the largest of so many values of Student's t are expected.

    Source: plotting positions after Hazen (1914).
    """
    return sum(heavy_quantile(1 - (i + 0.5) / n) for i in range(largest)) / largest


def heavy_quantile(p: float) -> float:
    """Quantile of Student's t with three degrees of freedom, to 1e-9, for 0.5 <= p < 1.

    Source: its distribution function in closed form, solved by bisection; Johnson, Kotz and
    Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 28.
    """
    low, high = 0.0, tan(pi * (p - 0.5)) * sqrt(3) + 1  # Cauchy's tail is heavier still
    while high - low > _EXACT:
        middle = (low + high) / 2
        low, high = (middle, high) if _probability(middle) < p else (low, middle)
    return low


def _probability(t: float) -> float:
    x = t / sqrt(3)
    return 0.5 + (x / (1 + x**2) + float(np.arctan(x))) / pi
