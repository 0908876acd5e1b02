"""Columns cut into cells: the simple conditions that a search for bad slices puts together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.domain.model_config import Column
from core.domain.where import Condition
from functions.arrays import Floats

_FEW_VALUES: Final = 12  # a number with no more gets a cell for each
_MOST_WORDS: Final = 30  # the most frequent ones of a category
_DIGITS: Final = 4  # that count in an edge: people have to read it


@dataclass(frozen=True)
class Cut:
    """One column in cells, and the conditions that can be made of them."""

    cell: NDArray[np.intp]
    """Shape (rows,); `cells` where the row is in none, as a missing number is."""
    cells: int
    conditions: tuple[Condition, ...]
    covers: Floats
    """Shape (conditions, cells): 1 where a condition holds in a cell."""


def cut(features: pd.DataFrame, columns: Mapping[str, Column], bins: int) -> list[Cut]:
    """Cut each column; those with one cell at the most are left out: they tell nothing apart.

    Args:
        features: the rows.
        columns: which of their columns, and of what kind.
        bins: into how many cells a number with many values is cut, at its quantiles.
    """
    made = [
        _number(name, features[name].to_numpy(np.float64), bins)
        if column.type == "number"
        else _category(name, features[name])
        for name, column in columns.items()
    ]
    return [one for one in made if len(one.conditions) > 1]


def _number(name: str, values: Floats, bins: int) -> Cut:
    """Cut at quantiles; a condition is any run of neighbouring cells, but not all of them."""
    is_there = ~np.isnan(values)
    known = values[is_there]
    distinct = np.unique(known)
    if len(distinct) > _FEW_VALUES:
        distinct = np.quantile(known, np.arange(bins) / bins, method="lower")
    edges = np.unique([_readable(edge) for edge in distinct[1:]])
    cells = len(edges) + 1
    cell = np.where(is_there, np.searchsorted(edges, values, side="right"), cells)
    runs = [
        (first, last)
        for first in range(cells)
        for last in range(first + 1, cells + 1)
        if (first, last) != (0, cells)
    ]
    conditions = tuple(
        Condition(
            column=name,
            at_least=float(edges[first - 1]) if first else None,
            below=float(edges[last - 1]) if last < cells else None,
        )
        for first, last in runs
    )
    place = np.arange(cells)
    covers = [(place >= first) & (place < last) for first, last in runs]
    shape = np.array(covers, np.float64).reshape(len(runs), cells)
    return Cut(cell.astype(np.intp), cells, conditions, shape)


def _category(name: str, values: "pd.Series[str]") -> Cut:
    """Give each frequent word its cell; a condition is one word."""
    codes, words = pd.factorize(values)
    often = np.argsort(-np.bincount(codes, minlength=len(words)), kind="stable")[:_MOST_WORDS]
    cell_of = np.full(len(words), len(often), np.intp)
    cell_of[often] = np.arange(len(often))
    conditions = tuple(Condition(column=name, one_of=(str(words[at]),)) for at in often)
    return Cut(cell_of[codes], len(often), conditions, np.eye(len(often)))


def _readable(edge: float) -> float:
    return float(f"{edge:.{_DIGITS}g}")
