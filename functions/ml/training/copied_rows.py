"""Rows that stand in two places: exact copies, named by a hash of all their features."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_LEAST_EXCESS: Final = 0.01
_LEAST_ROWS: Final = 5


def row_hashes(features: pd.DataFrame) -> Hashes:
    """Name each row by what all its columns say; shape (rows,)."""
    return np.asarray(pd.util.hash_pandas_object(features, index=False), dtype=np.uint64)


def most_telling(features: pd.DataFrame) -> str:
    """Name the column with the most different values: by it most other rows are ruled out."""
    return str(features.nunique().idxmax())


def share_among(rows: Hashes, others: Hashes) -> float:
    """Say which share of the rows has a copy among the others."""
    return float(np.isin(rows, others).mean()) if len(rows) else 0.0


def is_unusual(share: float, usual: float, rows: int) -> bool:
    """Say whether more rows are copies than is usual where rows of few values meet by chance.

    Args:
        share: of the rows to judge by, those with a copy among the rows to learn from.
        usual: of the newest rows to learn from, those with a copy among the older ones.
        rows: how many were looked at.
    """
    excess = share - usual
    by_chance = 4 * np.sqrt(max(usual, 1 / max(rows, 1)) / max(rows, 1))
    return bool(excess >= max(_LEAST_EXCESS, by_chance) and excess * rows >= _LEAST_ROWS)
