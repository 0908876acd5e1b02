"""Parquet, some rows after others and few columns at a time: little is held of any size."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
from pyarrow import parquet

_VALUES_AT_ONCE: Final = 1 << 19
_LARGE_GROUP: Final = 1 << 20  # rows; in a larger row group even single columns are cut
_ROWS_AT_ONCE: Final = 16_384  # of such a group
_BUFFER: Final = 1 << 17  # bytes; without it Arrow fetches a column of a row group as a whole


class Stretch(Protocol):
    """Some rows of an object; an Arrow table is one as well."""

    @property
    def schema(self) -> pa.Schema:
        """The wanted columns that it has."""

    @property
    def num_rows(self) -> int:
        """How many rows."""

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a column; cheap when columns are asked for in their order, each once."""


def stretches(
    path: Path, wanted: Sequence[str], coded: Sequence[str] = ()
) -> Iterator[tuple[Stretch, pa.Schema]]:
    """Read the wanted columns of a file; one without rows is one empty stretch, for its columns.

    Args:
        path: a Parquet file.
        wanted: the columns, in the order in which they will be asked for.
        coded: those whose words are wanted as codes, which is how they are stored.

    Yields:
        each stretch, and all columns that the file has.
    """
    stored = parquet.read_schema(path)
    words = [n for n in coded if stored.names.count(n) == 1 and _is_text(stored.field(n))]
    with parquet.ParquetFile(
        path, buffer_size=_BUFFER, pre_buffer=False, read_dictionary=words
    ) as file:
        schema = pa.schema([_plain(field) for field in file.schema_arrow])
        names = [name for name in wanted if name in schema.names]
        narrow = pa.schema([field for field in schema if field.name in names])
        if not file.metadata.num_rows:
            yield narrow.empty_table(), schema
        for i in range(file.num_row_groups):  # one by one: Arrow reads ahead into the next ones
            if file.metadata.row_group(i).num_rows <= _LARGE_GROUP:
                yield _RowGroup(file, i, names, narrow), schema
                continue
            for batch in file.iter_batches(_ROWS_AT_ONCE, row_groups=[i], columns=names):
                yield as_stored(pa.Table.from_batches([batch])), schema
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


def _is_text(field: pa.Field) -> bool:
    return bool(pa.types.is_string(field.type))


class _RowGroup:
    """A row group whose columns are read when they are asked for, the next few along with each."""

    def __init__(
        self, file: parquet.ParquetFile, place: int, names: Sequence[str], schema: pa.Schema
    ) -> None:
        self.schema = schema
        self.num_rows = int(file.metadata.row_group(place).num_rows)
        self._file, self._place, self._names = file, place, names
        self._read: pa.Table | None = None

    def column(self, name: str) -> pa.ChunkedArray:
        """See `Stretch`."""
        if self._read is None or name not in self._read.column_names:
            first = self._names.index(name)
            few = max(1, _VALUES_AT_ONCE // max(self.num_rows, 1))
            self._read = None  # let go of it before more is read
            self._read = self._file.read_row_group(
                self._place, columns=self._names[first : first + few]
            )
        return _unwrapped(self._read.column(name))
