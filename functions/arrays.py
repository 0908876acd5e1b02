"""What reading hands to the numerics: kinds of arrays, and the columns of some rows."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ShortFloats = NDArray[np.float32]
"""Of seven digits: enough where very many are held."""
Counts = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Labels = NDArray[np.int8] | NDArray[np.int64] | NDArray[np.float64]
"""Shape (rows,): what a version learns from: 0 or 1, the place of the class, or a number."""


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers of one batch."""

    values: Floats
    """Shape (rows,); not-a-number where there is no value."""


@dataclass(frozen=True)
class WordColumn:
    """A column of categories of one batch."""

    codes: Counts
    """Shape (rows,): which word each row has; -1 where it has none."""
    words: Sequence[str]


Batch = Mapping[str, NumberColumn | WordColumn]
"""Columns by name; each may be read from its object only when it is asked for."""


@dataclass(frozen=True)
class Block:
    """Some of the columns of a batch, in some of its rows."""

    begins: int
    """The first of its rows, among those of the batch."""
    rows: int
    batch: Batch


@dataclass(frozen=True)
class Sized:
    """A batch and how many rows it has."""

    batch: Batch
    rows: int
    cut: Callable[[], Iterator[Block]] | None = None
    """Reads the batch once, a block after another; `None` where it is small enough as it is."""

    def blocks(self) -> Iterator[Block]:
        """Go through it: each column from its first row to its last, whatever it holds at once."""
        yield from self.cut() if self.cut else [Block(0, self.rows, self.batch)]

    def held(self) -> Self:
        """Read all its columns now, so that they can be asked for later and again."""
        found: defaultdict[str, list[NumberColumn | WordColumn]] = defaultdict(list)
        for block in self.blocks():
            for name, column in block.batch.items():
                found[name].append(column)
        return type(self)({name: joined(parts) for name, parts in found.items()}, self.rows)


def joined(parts: Sequence[NumberColumn | WordColumn]) -> NumberColumn | WordColumn:
    """Put the rows of a column together; at least one part, all of one kind."""
    if len(parts) == 1:
        return parts[0]
    numbers = [part.values for part in parts if isinstance(part, NumberColumn)]
    if numbers:
        return NumberColumn(np.concatenate(numbers))
    places: dict[str, int] = {}
    codes = []
    for part in parts:
        if isinstance(part, WordColumn):
            known = [places.setdefault(word, len(places)) for word in part.words]
            codes.append(np.array([*known, -1], dtype=np.int64)[part.codes])
    return WordColumn(np.concatenate(codes), list(places))


def or_zero(values: Floats) -> Floats:
    """Return numbers as `numpy.nan_to_num` does; most have nothing to replace, and are no copy."""
    return values if np.isfinite(values).all() else np.nan_to_num(values)
