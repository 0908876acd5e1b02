"""Parquet, some rows after others and few columns at a time: little is held of any size."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from os import SEEK_END
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import pyarrow as pa
from pyarrow import parquet

from functions.data.read_ahead import one_ahead

_ROWS_AT_ONCE: Final = 1 << 17
_BYTES_AT_ONCE: Final = 1 << 22
_LEAST_BYTES: Final = 8.0  # of a value; what is stored shorter takes as much as an array
_LEAST_ROWS: Final = 64  # however long each is
_BUFFER: Final = 1 << 17  # bytes; without it Arrow fetches a column of a row group as a whole
_SIGNED_BYTES: Final = 28  # of nonce and tag behind a footer that is signed, not encrypted
_WITHOUT_CODES: Final = frozenset({"DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"})


class Stretch(Protocol):
    """Some rows of an object; an Arrow table is one as well."""

    @property
    def schema(self) -> pa.Schema:
        """The wanted columns that it has."""

    @property
    def num_rows(self) -> int:
        """How many rows."""

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column."""


@runtime_checkable
class InBlocks(Protocol):
    """A stretch that need not be held as a whole."""

    def blocks(self, names: Sequence[str]) -> Iterator[tuple[int, Stretch]]:
        """See `blocks`."""


def blocks(stretch: Stretch, names: Sequence[str]) -> Iterator[tuple[int, Stretch]]:
    """Read columns of a stretch, each from its first row to its last: some, then some others.

    Yields:
        the first row, among those of the stretch, and some columns from there on; what cannot be
        cut is one block.
    """
    if isinstance(stretch, InBlocks):
        yield from stretch.blocks(names)
    else:
        yield 0, stretch


def stretches(
    path: Path, wanted: Sequence[str], coded: Sequence[str] = ()
) -> Iterator[tuple[Stretch, pa.Schema]]:
    """Read the wanted columns of a file; one without rows is one empty stretch, for its columns.

    Args:
        path: a Parquet file.
        wanted: the columns.
        coded: those whose words are wanted as codes, where they are stored so: of words that are
            written out Arrow would hold every one until the end of the row group.

    Yields:
        each stretch, and all columns that the file has.

    Raises:
        ArrowInvalid: some of it is encrypted.
    """
    metadata = parquet.read_metadata(path)
    if _is_encrypted(path, metadata):
        raise pa.ArrowInvalid("some columns are encrypted")
    stored = metadata.schema.to_arrow_schema()
    once = [n for n in coded if stored.names.count(n) == 1 and _is_text(stored.field(n))]
    words = _stored_as_codes(metadata, once)
    with parquet.ParquetFile(
        path, metadata=metadata, buffer_size=_BUFFER, pre_buffer=False, read_dictionary=words
    ) as file:
        schema = pa.schema([_plain(field) for field in file.schema_arrow])
        names = [name for name in wanted if name in schema.names]
        narrow = pa.schema([field for field in schema if field.name in names])
        if not file.metadata.num_rows:
            yield narrow.empty_table(), schema
        for i in range(file.num_row_groups):  # one by one: Arrow reads ahead into the next ones
            yield _RowGroup(file, i, narrow), schema
    pa.default_memory_pool().release_unused()


def as_stored(table: pa.Table) -> pa.Table:
    """Take columns of types that Arrow only wraps, such as UUIDs, as what they are stored as."""
    schema = pa.schema([_plain(field) for field in table.schema], table.schema.metadata)
    return pa.table([_unwrapped(column) for column in table.columns], schema=schema)


def _plain(field: pa.Field) -> pa.Field:
    is_wrapped = isinstance(field.type, pa.BaseExtensionType)
    return field.with_type(field.type.storage_type) if is_wrapped else field


def _unwrapped(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not isinstance(column.type, pa.BaseExtensionType):
        return column
    return pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)


def _stored_as_codes(metadata: parquet.FileMetaData, names: Sequence[str]) -> list[str]:
    """Name the columns of which hardly more is stored than short codes and what they stand for."""
    written_out = set()
    for i in range(metadata.num_row_groups if names else 0):
        group = metadata.row_group(i)
        for column in map(group.column, range(group.num_columns)):
            begins = column.dictionary_page_offset
            words = column.data_page_offset - begins if begins else 0
            is_short = column.total_uncompressed_size <= _LEAST_BYTES * column.num_values
            cannot = not _WITHOUT_CODES.isdisjoint(column.encodings)  # Arrow makes none of these
            if cannot or (not is_short and words <= column.total_compressed_size / 2):
                written_out.add(column.path_in_schema)
    return [name for name in names if name not in written_out]


def _is_encrypted(path: Path, metadata: parquet.FileMetaData) -> bool:
    """Say whether the footer is signed; to ask about an encrypted column ends the whole process."""
    with path.open("rb") as file:
        file.seek(-8, SEEK_END)
        stated = int.from_bytes(file.read(4), "little")
    return stated - int(metadata.serialized_size) == _SIGNED_BYTES


def _is_text(field: pa.Field) -> bool:
    of = pa.types
    return any(is_it(field.type) for is_it in (of.is_string, of.is_large_string, of.is_string_view))


class _RowGroup:
    """A row group that is read when it is asked for, and never much of it at once."""

    def __init__(self, file: parquet.ParquetFile, place: int, schema: pa.Schema) -> None:
        self.schema = schema
        self._file, self._place = file, place
        self._stored = file.metadata.row_group(place)
        self.num_rows = int(self._stored.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """See `Stretch`."""
        chunks = [chunk for _, rows in self.blocks([name]) for chunk in rows.column(name).chunks]
        return pa.chunked_array(chunks, None if chunks else self.schema.field(name).type)

    def blocks(self, names: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
        """See `Stretch`."""
        return one_ahead(self._read(names))

    def _read(self, names: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
        for few, rows in self._cut(names):
            begins = 0
            for batch in self._file.iter_batches(
                rows, row_groups=[self._place], columns=few, use_threads=False
            ):
                yield begins, as_stored(pa.Table.from_batches([batch]))
                begins += batch.num_rows

    def _cut(self, names: Sequence[str]) -> Iterator[tuple[list[str], int]]:
        """Name the columns that are read together, and how many of their rows at once."""
        sizes = self._bytes_of_a_row
        rows = min(self.num_rows, _ROWS_AT_ONCE)
        few: list[str] = []
        size = 0.0
        for name in names:
            more = sizes.get(name, _LEAST_BYTES)
            if few and (size + more) * rows > _BYTES_AT_ONCE:
                yield few, rows
                few, size = [], 0.0
            few, size = [*few, name], size + more
        if few:
            yield few, max(_LEAST_ROWS, min(rows, int(_BYTES_AT_ONCE / size)))

    @cached_property
    def _bytes_of_a_row(self) -> Mapping[str, float]:
        columns = map(self._stored.column, range(self._stored.num_columns))
        return {
            one.path_in_schema: max(
                _LEAST_BYTES, one.total_uncompressed_size / max(self.num_rows, 1)
            )
            for one in columns
        }
