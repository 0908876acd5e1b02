"""Arrow columns as arrays; what a column holds instead of what it should, in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


@dataclass(frozen=True)
class Numbers:
    """A column of numbers."""

    values: NDArray[np.float64]
    """Shape (filled,): the rows that have a finite value."""
    nulls: int
    """Rows without one."""


@dataclass(frozen=True)
class Words:
    """A column of categories."""

    counts: Mapping[str, int]
    """Rows of each category that occurs."""
    nulls: int


@dataclass(frozen=True)
class WrongType:
    """A column that is there and cannot be what it should be."""

    holds: str
    """The end of a sentence: `holds text, a number is expected`."""


def take_column(
    parts: Sequence[pa.ChunkedArray], expected: Literal["number", "category"]
) -> Numbers | Words | WrongType:
    """Take one column from all objects of a partition, which may store it differently.

    Numbers are integers, floats, decimals and booleans; infinite ones count as nulls, as they do
    in training. Categories are whatever can be written as text, but not something nested.
    """
    is_fine = _is_number if expected == "number" else _is_category
    for part in parts:
        if not is_fine(part.type):
            article = "a number" if expected == "number" else "a category"
            return WrongType(f"holds {_in_words(part.type)}, {article} is expected")
    return _numbers(parts) if expected == "number" else _words(parts)


def wrong_key(parts: Sequence[pa.ChunkedArray]) -> WrongType | None:
    """Say why a column cannot name rows; `None` if it can."""
    for part in parts:
        if not _is_category(part.type):
            return WrongType(f"holds {_in_words(part.type)}, names of rows are expected")
    return None


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write out what is stored as codes or views: Arrow cannot count or pick these."""
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


def count_keys(parts: Sequence[pa.ChunkedArray]) -> tuple[int, int]:
    """Count the distinct keys, and the rows that have none."""
    parts = [plain(part) for part in parts]
    nulls = sum(part.null_count for part in parts)
    if len({part.type for part in parts}) > 1 or any(pa.types.is_null(p.type) for p in parts):
        parts = [part.cast(pa.string()) for part in parts]
    chunks = [chunk for part in parts for chunk in part.chunks]
    return (pc.count_distinct(pa.chunked_array(chunks)).as_py() if chunks else 0), nulls


def _numbers(parts: Sequence[pa.ChunkedArray]) -> Numbers:
    rows = sum(len(part) for part in parts)
    filled = [part.cast(pa.float64(), safe=False).drop_null().to_numpy() for part in parts]
    values = np.concatenate([np.empty(0), *filled])
    finite = np.isfinite(values)
    if not finite.all():
        values = values[finite]
    return Numbers(values, rows - len(values))


def _words(parts: Sequence[pa.ChunkedArray]) -> Words:
    rows = sum(len(part) for part in parts)
    counts: Counter[str] = Counter()
    for part in parts:
        filled = part.drop_null()
        if pa.types.is_floating(filled.type):
            filled = filled.filter(pc.is_finite(filled))
        for entry in pc.value_counts(filled.cast(pa.string())).to_pylist():
            counts[entry["values"]] += entry["counts"]
    return Words(counts, rows - counts.total())


def _is_number(kind: pa.DataType) -> bool:
    of = pa.types
    fits = (of.is_integer, of.is_floating, of.is_decimal, of.is_boolean, of.is_null)
    return any(is_it(kind) for is_it in fits)


def _is_category(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_category(kind.value_type)
    return not (pa.types.is_nested(kind) or _is_bytes(kind))


def _is_bytes(kind: pa.DataType) -> bool:
    of = pa.types
    fits = (of.is_binary, of.is_large_binary, of.is_fixed_size_binary, of.is_binary_view)
    return any(is_it(kind) for is_it in fits)


def _in_words(kind: pa.DataType) -> str:
    of = pa.types
    if of.is_string(kind) or of.is_large_string(kind) or of.is_dictionary(kind):
        return "text"
    if of.is_temporal(kind):
        return "times"
    return "something nested" if of.is_nested(kind) else str(kind)
