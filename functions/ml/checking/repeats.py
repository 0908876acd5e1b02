"""Whether a partition, or one of its columns, is a copy of an earlier one."""

import numpy as np

from functions.arrays import Flags
from functions.ml.checking.summary import Summary

_COLUMN_BACK = 3  # partitions: a schedule may well repeat after a week
_WHOLE_BACK = 30
_FEWEST_DISTINCT = 20  # fewer values repeat by themselves
_FEWEST = 2  # partitions: one does not tell whether a column repeats by itself
_MOST_REPEATS = 0.01  # of the history: where repeating is usual it says nothing


def repeated_columns(together: Summary) -> Flags:
    """Say which columns hold again what one of the last partitions held, and never did before.

    A column is a copy when all its values are the same in any order, or when its first rows are
    the same in the same order.

    Args:
        together: shape (partitions + 1, ...): at least one, oldest first, then the one in question.

    Returns:
        shape (columns,).
    """
    copies, partitions = copied_columns(together), len(together) - 1
    if partitions < _FEWEST:
        return np.zeros(together.sums.shape[1], dtype=bool)
    is_usual = copies[:-1].sum(axis=0) > _MOST_REPEATS * partitions
    return np.asarray(copies[-1] & ~is_usual)


def copied_columns(window: Summary) -> Flags:
    """Say which columns hold again what one of the last partitions before them held.

    Args:
        window: shape (partitions, ...), oldest first.

    Returns:
        shape (partitions, columns).
    """
    copies = np.zeros(window.sums.shape, dtype=bool)
    for back in range(1, min(_COLUMN_BACK, len(window) - 1) + 1):
        copies[back:] |= _is_copy(window[:-back], window[back:])
    return copies


def is_repeated(history: Summary, current: Summary) -> bool:
    """Say whether all columns hold exactly what they held in one earlier partition."""
    recent = history[-_WHOLE_BACK:]
    same = (recent.sums == current.sums).all(axis=1) & (recent.rows == current.rows)
    return bool(same.any())


def _is_copy(earlier: Summary, later: Summary) -> Flags:
    """Compare partitions one by one; shape (partitions, columns)."""
    same_rows = (earlier.rows == later.rows)[:, None]
    same_values = (earlier.sums == later.sums) & same_rows & (later.distinct > _FEWEST_DISTINCT)
    return np.asarray(same_values | ((earlier.heads == later.heads) & (later.heads != 0)))
