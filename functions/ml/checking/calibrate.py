"""The one limit of a model: taken from how much its own trusted partitions differ."""

from math import exp, pi, sqrt, tan

import numpy as np

from functions.arrays import Floats

FEWEST_PARTITIONS = 10
"""With fewer nothing can be said about how much partitions differ."""

_OFFSET = 0.05  # keeps the logarithm of a score of zero finite
_LEAST_DEVIATION = 0.12  # natural logarithm; a short, quiet window is not a promise of quiet
_USUAL_DEVIATION = 0.35  # natural logarithm; of the worst scores of most tables
_WORTH = 10  # partitions: so many of its own a table needs before they count as much as that
_EXACT = 1e-9
_LARGEST_SCORE = 6.0  # one spoiled partition in the window must not blind the limit


def limit_of(worst_scores: Floats, partitions_per_false_alarm: int, widened: float = 1.0) -> float:
    """Say which worst score about one clean partition in so many reaches.

    The worst score of a partition is the largest over all columns. One limit on that maximum
    holds for all columns together, however they depend on each other; it needs no correction for
    their number. The limit lies as many standard deviations of the scores' logarithms above
    their mean as Student's t with three degrees of freedom lies above zero: holidays and storms
    make the tail of clean partitions about that heavy. A few scores say little of how much scores
    differ, and much too little or too much by chance: so what is usual elsewhere counts as well.

    Args:
        worst_scores: shape (partitions,), each >= 0, at least two.
        partitions_per_false_alarm: the alarm budget, >= 2.
        widened: how many times as far from the mean the limit lies.

    Source: Westfall and Young, Resampling-Based Multiple Testing (1993), on the maximum; the tail
    is ours: clean partitions of public tables reach the limit about as often as the budget says.
    The weighing of variances: Gelman et al., Bayesian Data Analysis (2013), section 2.6.
    """
    n = len(worst_scores)
    logs = np.log(np.minimum(worst_scores, _LARGEST_SCORE) + _OFFSET)
    variance = (n * float(logs.var()) + _WORTH * _USUAL_DEVIATION**2) / (n + _WORTH)
    deviation = max(sqrt(variance), _LEAST_DEVIATION) * (1 + 2 / (n + _WORTH))
    far = heavy_quantile(1 - 1 / partitions_per_false_alarm)
    return exp(float(logs.mean()) + widened * far * deviation) - _OFFSET


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
