"""The one limit of a model: taken from how much its own trusted partitions differ."""

from math import exp, sqrt
from statistics import NormalDist

import numpy as np

from functions.ml.stability import Floats

FEWEST_PARTITIONS = 10
"""With fewer nothing can be said about how much partitions differ."""

_OFFSET = 0.05  # keeps the logarithm of a score of zero finite
_LEAST_DEVIATION = 0.12  # natural logarithm; a short, quiet window is not a promise of quiet
_LEAST_LIMIT = 2.0  # as far as the farthest trusted partition: never closer
_LARGEST_SCORE = 12.0  # one spoiled partition in the window must not blind the limit


def limit_of(worst_scores: Floats, partitions_per_false_alarm: int) -> float | None:
    """Say which worst score about one clean partition in so many reaches; `None` if too few.

    The worst score of a partition is the largest over all columns and kinds, each compared with
    the other partitions of the window (left one out). One limit on that maximum holds for all
    columns together, however they depend on each other; it needs no correction for their number.

    The logarithms of the scores are taken as normal, and the limit is the upper prediction limit
    for one more partition. It is an estimate: a window of 28 partitions knows one in 60 only by
    that shape, and a season that goes on beyond the window adds to the alarms.

    Args:
        worst_scores: shape (partitions,), each >= 0.
        partitions_per_false_alarm: the alarm budget, >= 2.

    Source: Westfall and Young, Resampling-Based Multiple Testing (1993), on the maximum; Hahn and
    Meeker, Statistical Intervals (1991), chapter 4, on the prediction limit.
    """
    n = len(worst_scores)
    if n < FEWEST_PARTITIONS:
        return None
    logs = np.log(np.minimum(worst_scores, _LARGEST_SCORE) + _OFFSET)
    deviation = max(float(logs.std(ddof=1)), _LEAST_DEVIATION)
    far = student_quantile(1 - 1 / partitions_per_false_alarm, n - 1)
    limit = exp(float(logs.mean()) + far * deviation * sqrt(1 + 1 / n)) - _OFFSET
    return max(limit, _LEAST_LIMIT)


def student_quantile(p: float, degrees: int) -> float:
    """Quantile of Student's t distribution, within 0.01 for 9 degrees or more and p <= 0.999.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
    """
    z = NormalDist().inv_cdf(p)
    return (
        z
        + (z**3 + z) / (4 * degrees)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * degrees**3)
    )
