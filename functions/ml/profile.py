"""What one column of a partition looks like, in one pass over its values."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.domain.summary import ColumnSummary
from core.domain.wording import Span
from functions.ml.bins import count_numbers, count_words
from functions.ml.stability import Floats


def profile_numbers(
    values: Floats,
    nulls: int,
    edges: Floats,
    *,
    allowed: Span | None = None,
    is_sensitive: bool = False,
) -> ColumnSummary:
    """Summarise a column of numbers.

    Args:
        values: shape (filled,), finite: the rows that have a value, in any order.
        nulls: how many rows have none.
        edges: shape (edges,), the frozen bins.
        allowed: the range that is promised, both ends included; `None`: none is.
        is_sensitive: leave out everything that is a value or an average of values.
    """
    low, high = allowed or (-np.inf, np.inf)
    counted = ColumnSummary(
        type="number",
        nulls=nulls,
        counts=tuple(count_numbers(values, edges).tolist()),
        zeros=int(np.count_nonzero(values == 0)),
        negatives=int(np.count_nonzero(values < 0)),
        outside=int(np.count_nonzero((values < low) | (values > high))),
    )
    if is_sensitive or not len(values):
        return counted
    with np.errstate(over="ignore"):  # 1e308 has no square: its spread is infinite, not an error
        described = {
            "mean": float(values.mean()),
            "spread": float(values.std()) if values.min() < values.max() else 0.0,
            "low": float(values.min()),
            "high": float(values.max()),
        }
    finite = {name: value for name, value in described.items() if np.isfinite(value)}
    return counted.model_copy(update=finite)


def profile_words(counts: Mapping[str, int], nulls: int, words: Sequence[str]) -> ColumnSummary:
    """Summarise a column of categories.

    Args:
        counts: rows of each category that occurs.
        nulls: how many rows have none.
        words: the known categories.
    """
    counted = count_words(counts, words)
    return ColumnSummary(type="category", nulls=nulls, counts=tuple(counted.tolist()))
