"""The numbers of a partition that are compared with history: one for each column and kind."""

from collections.abc import Iterator
from math import log, nan

import numpy as np

from core.domain.finding import Kind
from core.domain.summary import ColumnSummary
from functions.ml.stability import Counts, excess

_FEWEST_VALUES = 30  # of fewer, mean and shape say more of chance than of the column
_LEAST_SPREAD = 0.005  # of the column's own: keeps the logarithm of a constant column finite


def measures(seen: ColumnSummary, pooled: Counts, spread: float) -> Iterator[tuple[Kind, float]]:
    """Measure one column of a partition; not-a-number where it says nothing.

    Args:
        seen: the column.
        pooled: shape (bins,), what it is compared with: trusted rows in each bin.
        spread: its standard deviation over all trusted rows; 0 where it has none.
    """
    has_enough = seen.filled >= _FEWEST_VALUES
    yield Kind.NULLS, seen.null_share
    yield Kind.SHAPE, excess(pooled, np.array(seen.counts)) if has_enough else nan
    if seen.type == "number":
        yield Kind.ZEROS, seen.zero_share if has_enough else nan
        yield Kind.MEAN, seen.mean if has_enough and seen.mean is not None else nan
        yield Kind.SPREAD, log_spread(seen.spread, spread) if has_enough else nan


def log_spread(seen: float | None, spread: float) -> float:
    """Put a standard deviation on the scale on which it is compared."""
    if seen is None or spread <= 0:
        return nan
    return log(seen + _LEAST_SPREAD * spread)


def from_log_spread(value: float, spread: float) -> float:
    """Undo `log_spread`."""
    return max(float(np.exp(value)) - _LEAST_SPREAD * spread, 0.0)
