"""Text that may stand for numbers: all that comes out of a file without types, such as CSV."""

import re
from collections.abc import Iterable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_MARK: Final = {b"types": b"none"}
_NO_NUMBER: Final = r"(?i)^(#?n/?a|-?nan|null|none|\\n)?$"
"""How programs write that a number is not there: nothing at all, `NA`, `NaN`, `null`."""


def without_types(table: pa.Table) -> pa.Table:
    """Mark a table of text: what it holds shows when somebody knows what a column should be."""
    return table.replace_schema_metadata(_MARK)


def is_untyped(table: pa.Table) -> bool:
    """Say whether a table is marked so."""
    return bool((table.schema.metadata or {}).get(b"types") == _MARK[b"types"])


def says_nothing(word: str) -> bool:
    """Say whether a word only says that no value is there."""
    return re.fullmatch(_NO_NUMBER, word) is not None


def with_numbers(table: pa.Table, names: Iterable[str]) -> pa.Table:
    """Turn the text of these columns into numbers, where the table is marked as without types.

    A column of which one value is no number stays text, so that whoever expects numbers says so.
    """
    if not is_untyped(table):
        return table
    for name in names:
        at = table.schema.get_field_index(name)
        if at >= 0 and pa.types.is_string(table.schema.field(at).type):
            table = table.set_column(at, name, _numbers(table.column(at)))
    return table


def _numbers(text: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(text)
    known = pc.if_else(
        pc.match_substring_regex(trimmed, _NO_NUMBER), pa.nulls(1, pa.string())[0], trimmed
    )
    for kind in (pa.float64(), pa.bool_()):  # many programs write a flag as True and False
        try:
            return known.cast(kind)
        except pa.ArrowInvalid:
            continue
    return text
