"""The first rows of one file as a table, in which columns without a type have a likely one."""

import gzip
import re
from collections.abc import Iterator
from csv import Error as NoCsv
from csv import reader as rows_of
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.errors import BadData
from core.domain.partition import format_of
from core.ports import Objects
from functions.data.object_tables import Slice, slices
from functions.untyped import is_untyped, with_numbers

_ROWS: Final = 50_000
_PARTING: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
_NUMBER: Final = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")
_LEADING_ZERO: Final = r"^\s*0\d"
_WHOLE: Final = r"^\s*[+-]?\d{1,18}\s*$"


class PartedOtherwise(BadData):
    """A CSV file parts its columns by something else than commas."""

    def __init__(self, key: str, sign: str) -> None:
        super().__init__(
            f"The columns of {key} are parted by {_PARTING[sign]}, and only commas are read. Write "
            "such files anew, with a dot in numbers and dates like 2013-02-08, before they land: "
            f'pandas.read_csv(file, sep={sign!r}, decimal=",").to_csv(file, index=False), without '
            "`decimal` where numbers have a dot already."
        )


class NoHeader(BadData):
    """A CSV file begins with a row instead of the names of its columns."""

    def __init__(self, key: str, first: str) -> None:
        super().__init__(
            f"The first line of {key} names no columns: it begins with `{first}`. Write a header."
        )


def first_rows(key: str, objects: Objects) -> pa.Table:
    """Read as many rows as a proposal needs; of CSV, numbers are made of what looks like them.

    Raises:
        UnreadableObject: it is not what its name says.
        PartedOtherwise, NoHeader: it is CSV, but columns cannot be told by name.
        NotThere: it was deleted meanwhile.
    """
    with objects.local_copy(key) as path:
        if format_of(key) == "CSV":
            _see_to_header(key, _header(path))
        tables = [piece.table for piece in _first(slices(path, key))]
    table = _joined(tables) if tables else pa.table({})
    return with_likely_types(table) if is_untyped(table) else table


def with_likely_types(table: pa.Table) -> pa.Table:
    """Take text for numbers where all of it is some, but `007` for text."""
    texts = {
        name: table.column(name)
        for name in table.column_names
        if table.column_names.count(name) == 1 and not _has_leading_zero(table.column(name))
    }
    typed = with_numbers(table, texts)
    for name, text in texts.items():
        column = typed.column(name)
        if column.null_count == len(column):
            likely = pa.chunked_array([pa.nulls(len(column))])
        elif pa.types.is_floating(column.type) and _is_whole(text, column):
            likely = column.cast(pa.int64())
        else:
            continue
        typed = typed.set_column(typed.schema.get_field_index(name), name, likely)
    return typed


def _first(pieces: Iterator[Slice]) -> Iterator[Slice]:
    rows = 0
    for piece in pieces:
        yield piece
        rows += piece.rows
        if rows >= _ROWS:
            return


def _joined(tables: list[pa.Table]) -> pa.Table:
    """Put rows together; where a column changes its type within a file, the first ones will do."""
    if all(table.schema.equals(tables[0].schema) for table in tables):
        return pa.concat_tables(tables)
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:
        return tables[0]


def _header(path: Path) -> list[str]:
    """Read the first line; what cannot be read is told when the file is read as a whole."""
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            return next((row for row in rows_of(lines) if row), [])
    except (OSError, EOFError, UnicodeDecodeError, NoCsv):
        return []


def _see_to_header(key: str, names: list[str]) -> None:
    if len(names) == 1:
        for sign in _PARTING:
            if sign in names[0]:
                raise PartedOtherwise(key, sign)
    numbers = [name for name in names if _NUMBER.fullmatch(name)]
    if len(numbers) * 2 > len(names):
        raise NoHeader(key, names[0])


def _has_leading_zero(text: pa.ChunkedArray) -> bool:
    if not pa.types.is_string(text.type):
        return False
    return bool(pc.any(pc.match_substring_regex(text, _LEADING_ZERO)).as_py())


def _is_whole(text: pa.ChunkedArray, numbers: pa.ChunkedArray) -> bool:
    """Say whether what was taken for numbers was written without a fraction."""
    written = text.filter(numbers.is_valid())
    return bool(pc.all(pc.match_substring_regex(written, _WHOLE)).as_py())
