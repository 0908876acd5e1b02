"""Columns of one Arrow table as arrays; what does not fit is said in words."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.ids import content_hash
from functions.arrays import Batch, Block, NumberColumn, Sized, WordColumn
from functions.data.arrow_values import floats, null, one, whole_numbers
from functions.data.parquet_stretches import Stretch, blocks

Kind = Literal["number", "category"]

TWICE = "is there twice"
"""What is wrong with a column whose name another one has too."""


@dataclass(frozen=True)
class Taken:
    """What could be taken of a table."""

    part: Sized
    missing: tuple[str, ...]
    mistyped: Mapping[str, str]
    """Of a column that is not what it should be: what it holds, as the end of a sentence."""

    @property
    def batch(self) -> Batch:
        """The columns by name."""
        return self.part.batch


def take_batch(
    table: Stretch,
    kinds: Mapping[str, Kind],
    sensitive: AbstractSet[str] = frozenset(),
) -> Taken:
    """Take columns as numbers or categories; the words of sensitive ones as hashes.

    Numbers are integers, floats, decimals and booleans; infinite ones count as nulls, as they do
    in training. Categories are whatever can be written as text, but not something nested.
    """
    missing: list[str] = []
    mistyped: dict[str, str] = {}
    fitting: dict[str, Kind] = {}
    for name, kind in kinds.items():
        places = table.schema.get_all_field_indices(name)
        if not places:
            missing.append(name)
        elif len(places) > 1:
            mistyped[name] = TWICE
        elif not (_is_number if kind == "number" else _can_be_text)(
            of := table.schema.field(name).type
        ):
            article = "a number" if kind == "number" else "a category"
            mistyped[name] = f"holds {in_words(of)}, {article} is expected"
        else:
            fitting[name] = kind
    batch = _Columns(table, fitting, sensitive)
    return Taken(Sized(batch, table.num_rows, batch.blocks), tuple(missing), mistyped)


class _Columns(Mapping[str, NumberColumn | WordColumn]):
    """The columns of some rows, each turned into an array when it is asked for."""

    def __init__(
        self, table: Stretch, kinds: Mapping[str, Kind], sensitive: AbstractSet[str]
    ) -> None:
        self._table, self._kinds, self._sensitive = table, kinds, sensitive

    def __getitem__(self, name: str) -> NumberColumn | WordColumn:
        if self._kinds[name] == "number":
            return _numbers(self._table.column(name))
        words = _words(self._table.column(name))
        return _hidden(words) if name in self._sensitive else words

    def blocks(self) -> Iterator[Block]:
        """Read them once, a block after another; see `Sized`."""
        for begins, rows in blocks(self._table, list(self._kinds)):
            kinds = {n: kind for n, kind in self._kinds.items() if n in rows.schema.names}
            yield Block(begins, rows.num_rows, _Columns(rows, kinds, self._sensitive))

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


def wrong_key(kind: pa.DataType) -> str | None:
    """Say why a column of a type cannot name rows, as the end of a sentence; `None` if it can."""
    return None if _is_category(kind) else f"holds {in_words(kind)}, names of rows are expected"


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write out what is stored as codes or views: Arrow cannot count or pick these."""
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


def in_words(kind: pa.DataType) -> str:
    """Say what a column of this type holds."""
    of = pa.types
    if of.is_dictionary(kind):
        return in_words(kind.value_type)
    is_text = of.is_string(kind) or of.is_large_string(kind) or of.is_string_view(kind)
    said = {
        "text": is_text,
        "yes or no": of.is_boolean(kind),
        "nothing": of.is_null(kind),
        "numbers": _is_number(kind),
        "times": of.is_temporal(kind),
        "something nested": of.is_nested(kind),
        "binary": _is_bytes(kind),
    }
    return next((words for words, is_that in said.items() if is_that), str(kind))


def _can_be_text(kind: pa.DataType) -> bool:
    """Say whether Arrow can write a type as text; it cannot with times of an unknown zone."""
    if not pa.types.is_temporal(kind):
        return _is_category(kind)
    some = one(0).cast(kind) if pa.types.is_timestamp(kind) else pa.nulls(1, kind)
    try:
        some.cast(pa.string())
    except pa.ArrowException:
        return False
    return True


def _numbers(column: pa.ChunkedArray | pa.Array) -> NumberColumn:
    if not pa.types.is_float64(column.type):
        column = column.cast(pa.float64(), safe=False)
    values = floats(column, where_null=np.nan)
    infinite = np.isinf(values)
    return NumberColumn(np.where(infinite, np.nan, values) if infinite.any() else values)


def _words(column: pa.ChunkedArray | pa.Array) -> WordColumn:
    if pa.types.is_floating(column.type):
        # And 7.0 is written as 7 by Arrow.
        column = pc.if_else(pc.is_finite(column), column, null(column.type))
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):  # without any chunk there is nothing to combine
        whole = pa.nulls(0, whole.type)
    if not pa.types.is_dictionary(whole.type):
        whole = whole.cast(pa.string()).dictionary_encode()
    words = whole.dictionary.cast(pa.string()).to_pylist()
    return WordColumn(whole_numbers(whole.indices, where_null=-1), words)


def _hidden(column: WordColumn) -> WordColumn:
    return WordColumn(column.codes, [content_hash(word.encode()) for word in column.words])


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
