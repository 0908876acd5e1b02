"""What a corruption is given, what it makes of it, and how it looks for a column that shows it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    Column: TypeAlias = pd.Series[Any]
else:
    Column = pd.Series  # this pandas cannot be indexed when it runs
Attempt: TypeAlias = Callable[[Column], Column | None]

_FILLED_FROM = 0.5  # a column that is mostly null already would hide most corruptions


class CannotApply(Exception):
    """No column of this partition would show the corruption."""


@dataclass(frozen=True)
class Corrupted:
    """A spoiled partition and the columns that a good detector would blame."""

    partition: pd.DataFrame
    columns: tuple[str, ...] = ()
    """Empty when rows were spoiled, so that no column is to blame."""


@dataclass(frozen=True)
class Situation:
    """A clean partition that is about to be spoiled, and the clean ones before it."""

    partition: pd.DataFrame
    history: Sequence[pd.DataFrame]
    """Oldest first; never empty."""
    chance: np.random.Generator

    def numbers(self) -> list[str]:
        """Return the filled numeric columns, in random order."""
        return self.shuffled(name for name in self._filled() if is_number(self.partition[name]))

    def words(self) -> list[str]:
        """Return the filled text columns, in random order."""
        return self.shuffled(name for name in self._filled() if not is_number(self.partition[name]))

    def columns(self) -> list[str]:
        """Return all filled columns, in random order."""
        return self.shuffled(self._filled())

    def shuffled(self, names: Iterable[str]) -> list[str]:
        """Put names in random order."""
        listed = list(names)
        return [listed[place] for place in self.chance.permutation(len(listed))]

    def some_rows(self, count: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Mark `count` rows at random; shape (rows,)."""
        hit = np.zeros(len(self.partition), dtype=np.bool_)
        hit[self.chance.permutation(len(self.partition))[:count]] = True
        return hit

    def spoil_one(self, names: Iterable[str], attempt: Attempt) -> Corrupted:
        """Spoil the first column where the attempt shows.

        Args:
            names: the columns to try, in this order.
            attempt: makes the spoiled column, or `None` where it would not show.

        Raises:
            CannotApply: it shows in none of them.
        """
        for name in names:
            spoiled = attempt(self.partition[name])
            if spoiled is not None:
                return Corrupted(self.partition.assign(**{name: spoiled}), (name,))
        raise CannotApply

    def _filled(self) -> list[str]:
        filled = self.partition.notna().mean() > _FILLED_FROM
        return [str(name) for name in self.partition.columns[filled]]


Corruption: TypeAlias = Callable[[Situation], Corrupted]


def is_number(column: Column) -> bool:
    """Say whether a column holds integers or floats."""
    return column.dtype.kind in "if"


def as_objects(column: Column) -> Column:
    """Let a text column hold anything, whichever text type this pandas gave it."""
    return column.astype(object)


def as_before(column: Column, changed: Column) -> Column:
    """Round what was made from integers back to integers, unless there are nulls in it."""
    if column.dtype.kind == "i" and not changed.isna().any():
        return changed.round().astype(column.dtype)
    return changed
