"""What the peers that are written here share: kinds of columns, and the order of blame.

Workers of other environments import this module: it needs numpy and pandas, of any version.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

if TYPE_CHECKING:
    Column: TypeAlias = pd.Series[Any]
else:
    Column = pd.Series  # this pandas cannot be indexed when it runs


def is_number(column: Column) -> bool:
    """Say whether a column holds integers or floats."""
    return column.dtype.kind in "if"


def numbers_of(column: Column) -> Floats:
    """Return what is there of a numeric column; nothing of a text column."""
    if not is_number(column):
        return np.empty(0)
    return np.asarray(column.dropna(), dtype=np.float64)


def texts_of(column: Column) -> Column:
    """Return the categories of a column as text, nulls as one of their own."""
    return column.astype(object).where(column.notna(), "<null>").astype(str)


def by_column(scores: "pd.Series[float]") -> tuple[float, list[str]]:
    """Return the worst score, and the columns by their worst ones.

    Args:
        scores: indexed by (column, statistic); the column is empty for the whole partition.
    """
    worst = scores.groupby(level=0).max().sort_values(ascending=False, kind="stable")
    return float(worst.iloc[0]), [str(name) for name in worst.index if name]
