"""One object of a partition as Arrow tables, some rows after others: Parquet, CSV or JSON lines.

CSV says nothing of types: all of it is text, and an empty field is no value; `functions.untyped`
tells how that becomes numbers. JSON lines leave out what they have no value for. No pandas here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from csv import Error as NoCsv
from csv import reader as rows_of
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import csv, parquet

from core.domain.errors import BadData
from core.domain.partition import format_of
from functions.data import parquet_stretches
from functions.data.json_lines import json_tables
from functions.data.parquet_stretches import as_stored
from functions.untyped import without_types

_ROWS_AT_ONCE: Final = 65_536  # however large a row group is, so much of it is held
_BLOCKS_BYTES: Final = (2**20, 16 * 2**20)  # of CSV; Arrow reads some ahead, and holds them
_GATHERED_BYTES: Final = 8 * 2**20
_TOO_LONG: Final = "straddling object"  # what Arrow says of a row that is longer than a block
_HEADER_CHARS: Final = 2**20  # what is longer names no columns
_CHARS_AT_ONCE: Final = 2**16
_TAIL_BYTES: Final = 2**10


class UnreadableObject(BadData):
    """An object of a partition is not what its name says."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The object {key} cannot be read as {format_of(key)}.")
        self.key = key


@dataclass(frozen=True)
class Slice:
    """Some rows of an object."""

    table: pa.Table
    """What is wanted of them; null where a record of JSON leaves it out. From `stretches` it may
    be a `Stretch`, which is not read yet."""
    schema: pa.Schema
    """All columns that these rows have, wanted or not."""
    rows: int
    """How many: Arrow forgets it of a table without columns."""


def slices(
    source: Path | pa.Buffer, key: str, wanted: AbstractSet[str] | None = None
) -> Iterator[Slice]:
    """Read an object; one without rows is one empty slice, for its columns, if it has any.

    Args:
        source: the object's bytes, or a file that holds them.
        key: the object's key; its ending says the format.
        wanted: the columns to read; `None` for all.

    Raises:
        UnreadableObject: it is not what its name says, or was cut off.
    """
    read = _READERS[format_of(key) or "Parquet"]
    try:
        yield from read(source, key, wanted)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableObject(key) from error


def stretches(
    path: Path, key: str, wanted: Sequence[str], coded: Sequence[str] = ()
) -> Iterator[Slice]:
    """Read an object like `slices`, but columns of Parquet only when they are asked for.

    Args:
        path: a file that holds the object.
        key: the object's key; its ending says the format.
        wanted: the columns.
        coded: those whose words are wanted as codes, where they are stored so.

    Raises:
        UnreadableObject: it is not what its name says, or was cut off.
    """
    if format_of(key) != "Parquet":
        yield from slices(path, key, set(wanted))
        return
    try:
        for stretch, schema in parquet_stretches.stretches(path, wanted, coded):
            yield Slice(stretch, schema, stretch.num_rows)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableObject(key) from error


def _parquet(
    source: Path | pa.Buffer, _key: str, wanted: AbstractSet[str] | None
) -> Iterator[Slice]:
    opened = source if isinstance(source, Path) else pa.BufferReader(source)
    with parquet.ParquetFile(opened) as file:
        schema = as_stored(file.schema_arrow.empty_table()).schema
        names = _taken(schema.names, wanted)
        if not file.metadata.num_rows:
            yield Slice(as_stored(file.read(columns=names)), schema, 0)
        for i in range(file.num_row_groups):  # one by one: Arrow reads ahead into the next ones
            for batch in file.iter_batches(_ROWS_AT_ONCE, row_groups=[i], columns=names):
                yield Slice(as_stored(pa.Table.from_batches([batch])), schema, batch.num_rows)


def _csv(source: Path | pa.Buffer, key: str, wanted: AbstractSet[str] | None) -> Iterator[Slice]:
    with _decompressed(source, key) as stream:
        header, has_rows = _header(stream)
    schema = pa.schema([(name, pa.string()) for name in header])
    times = Counter(_taken(header, wanted))
    once = [name for name in times if times[name] == 1]
    twice = [name for name in times.elements() if times[name] > 1]
    if not has_rows:
        names = [*once, *twice]
        empty = pa.table([pa.nulls(0, pa.string()) for _ in names], names=names)
        yield from [Slice(without_types(empty), schema, 0)] if header else []
        return
    last = [name for name in header[-1:] if header.count(name) == 1]
    named = list(dict.fromkeys([*(once or header[:1]), *last]))
    batches = _to_the_end(_csv_batches(source, key, named), last, source, key)
    for rows in _cut(_gathered(batches)):
        table = rows.select(once)
        for name in twice:  # which of them is meant nobody knows
            table = table.append_column(name, pa.nulls(rows.num_rows, pa.string()))
        yield Slice(without_types(table), schema, rows.num_rows)


def _csv_batches(source: Path | pa.Buffer, key: str, names: list[str]) -> Iterator[pa.RecordBatch]:
    """Read small blocks; from a row on that fits into none of them, larger ones."""
    done = 0
    for block_bytes in _BLOCKS_BYTES:
        seen = 0
        try:
            with (
                _decompressed(source, key) as stream,
                _open_csv(stream, names, block_bytes) as batches,
            ):
                for rows in batches:
                    new = rows.slice(min(max(done - seen, 0), rows.num_rows))
                    seen += rows.num_rows
                    if new.num_rows:
                        done = seen
                        yield new
        except pa.ArrowInvalid as error:
            if _TOO_LONG not in str(error) or block_bytes == _BLOCKS_BYTES[-1]:
                raise
        else:
            return


def _to_the_end(
    batches: Iterable[pa.RecordBatch], last: list[str], source: Path | pa.Buffer, key: str
) -> Iterator[pa.RecordBatch]:
    """Hand rows on; one whose quote is never closed holds all rows behind it, and Arrow is silent.

    In another column than the last one such a row is too short, and Arrow says so.
    """
    value = ""
    for rows in batches:
        yield rows
        value = (rows.column(last[0])[rows.num_rows - 1].as_py() if last else None) or ""
    if not {"\n", "\r"}.isdisjoint(value) and not _ends_quoted(source, key):
        raise pa.ArrowInvalid("a quote is never closed")


def _ends_quoted(source: Path | pa.Buffer, key: str) -> bool:
    """Say whether a file ends with a quote that closes a value, whatever is blank behind it."""
    tail = b""
    with _decompressed(source, key) as stream:
        while chunk := stream.read(_BLOCKS_BYTES[0]):
            body = tail + chunk
            is_blank = not body[-_TAIL_BYTES:].strip()
            tail = body.rstrip()[-_TAIL_BYTES:] + b"\n" if is_blank else body[-_TAIL_BYTES:]
    tail = tail.rstrip()
    return (len(tail) - len(tail.rstrip(b'"'))) % 2 == 1


def _header(stream: pa.NativeFile) -> tuple[list[str], bool]:
    """Read the names of the columns, and say whether anything follows."""
    try:
        text = TextIOWrapper(stream, "utf-8-sig", newline="")
        header = next((row for row in rows_of(_short_lines(text)) if row), [])
        return header, any(some.strip() for some in iter(lambda: text.read(_CHARS_AT_ONCE), ""))
    except (UnicodeDecodeError, NoCsv) as error:
        raise pa.ArrowInvalid("the header is no text") from error


def _short_lines(text: TextIOWrapper) -> Iterator[str]:
    for line in iter(lambda: text.readline(_HEADER_CHARS), ""):
        if len(line) == _HEADER_CHARS:
            raise pa.ArrowInvalid("the header is too long")
        yield line


def _open_csv(stream: pa.NativeFile, names: list[str], block_bytes: int) -> csv.CSVStreamingReader:
    """Read these columns as text; an empty list of names would mean all of them."""
    return csv.open_csv(
        stream,
        csv.ReadOptions(use_threads=False, block_size=block_bytes),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            include_columns=names,
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _json(source: Path | pa.Buffer, key: str, wanted: AbstractSet[str] | None) -> Iterator[Slice]:
    with _decompressed(source, key) as stream:
        for rows in _cut(json_tables(stream)):
            table = rows.select(_taken(rows.column_names, wanted))
            for name in sorted((wanted or set()) - set(table.column_names)):
                table = table.append_column(name, pa.nulls(rows.num_rows))
            yield Slice(table, rows.schema, rows.num_rows)


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Put small batches together: each costs as much again as its rows do."""
    some: list[pa.RecordBatch] = []
    for batch in batches:
        some.append(batch)
        if sum(one.nbytes for one in some) >= _GATHERED_BYTES:
            yield pa.Table.from_batches(some)
            some = []
    if some:
        yield pa.Table.from_batches(some)


def _cut(tables: Iterable[pa.Table | pa.RecordBatch]) -> Iterator[pa.Table]:
    for table in tables:
        for start in range(0, table.num_rows, _ROWS_AT_ONCE):
            # Of a table without columns Arrow believes any length that it is told.
            rows = table.slice(start, min(_ROWS_AT_ONCE, table.num_rows - start))
            yield rows if isinstance(rows, pa.Table) else pa.Table.from_batches([rows])


def _decompressed(source: Path | pa.Buffer, key: str) -> pa.NativeFile:
    opened = pa.OSFile(str(source)) if isinstance(source, Path) else pa.BufferReader(source)
    return pa.input_stream(opened, compression="gzip" if key.lower().endswith(".gz") else None)


def _taken(names: list[str], wanted: AbstractSet[str] | None) -> list[str]:
    return [name for name in names if wanted is None or name in wanted]


_READERS: Final = {"Parquet": _parquet, "CSV": _csv, "JSON lines": _json}
