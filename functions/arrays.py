"""What reading hands to the numerics: kinds of arrays, and the columns of some rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
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
class Sized:
    """A batch and how many rows it has."""

    batch: Batch
    rows: int

    def held(self) -> Self:
        """Read all its columns now, so that they can be asked for later and again."""
        return type(self)(dict(self.batch), self.rows)
