"""From the losses of two versions to differences: on the same rows, or between two random arms."""

import numpy as np
from numpy.typing import NDArray

from core.domain.days import Days
from functions.arrays import Floats


def of_arms(served: Floats, version: Floats) -> Floats:
    """Set rows that one version served beside rows that the other one served, in groups.

    Entities were split at random, so each row of the smaller arm is set beside as many rows of the
    larger one as there are for each, and their mean loss is taken: D stays within -1..1, and its
    mean is the difference of the two versions' mean losses, whatever the share. Rows of the larger
    arm that are left over are not used.

    Valid where each entity counts once: one that comes again every day brings its own luck along,
    always into the same arm, and no number of days evens that out.

    Args:
        served: shape (rows,), losses of what serves, in an order that knows nothing of them.
        version: shape (other rows,), losses of the version.

    Returns:
        shape (rows of the smaller arm,): loss of what serves less that of the version.

    Source: Imbens and Rubin, Causal Inference (2015), chapter 6, difference in means under complete
    randomisation; grouped so that bets on bounded means apply.
    """
    few, many = sorted((served, version), key=len)
    if len(few) == 0:
        return np.empty(0)
    each = len(many) // len(few)
    means = many[: each * len(few)].reshape(len(few), each).mean(axis=1)
    differences = few - means if few is served else means - few
    return np.asarray(differences)


def days_of(differences: Floats, day: NDArray[np.intp]) -> Days:
    """Sum up differences by day, to see how much days differ.

    Args:
        differences: shape (rows,), -1..1.
        day: shape (rows,): which day each row is of.
    """
    _, place = np.unique(day, return_inverse=True)
    rows = np.bincount(place)
    gained = np.bincount(place, weights=differences)
    squares = np.bincount(place, weights=np.square(differences))
    days = Days()
    for each in zip(rows.tolist(), gained.tolist(), squares.tolist(), strict=True):
        days = days.plus(Days.of(*each))
    return days
