"""Rows of a request as one Arrow table; a row that does not fit is refused in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

import numpy as np
import pyarrow as pa
from pydantic import JsonValue

from core.domain.model_config import Column
from core.domain.score_request import partition_of
from functions.arrays import Flags

Cell = float | str | None


@dataclass(frozen=True)
class Wanted:
    """What is read out of the rows of a request."""

    key: str
    """The column that names a row."""
    columns: Mapping[str, Column]
    """Each row names all of them, `null` where a value is not known."""
    besides: Mapping[str, Column] = field(default_factory=dict)
    """Kept where all rows have them: who predicts now does without, another version may not."""
    event_time: str = ""
    """Says to which partition a row belongs."""


@dataclass(frozen=True)
class RequestRows:
    """The rows that can be read."""

    table: pa.Table
    places: tuple[int, ...]
    """Where each stands in the request."""
    partitions: tuple[str, ...]
    """To which each belongs."""
    refused: dict[int, str]
    """By place, why the others cannot be read."""

    def only(self, is_wanted: Flags) -> "RequestRows":
        """Keep some of the rows."""
        if is_wanted.all():
            return self
        kept = np.flatnonzero(is_wanted).tolist()
        places = tuple(self.places[at] for at in kept)
        partitions = tuple(self.partitions[at] for at in kept)
        return RequestRows(self.table.filter(is_wanted), places, partitions, {})


_AS_THEY_ARE: Final = {
    "number": frozenset({float, type(None)}),
    "category": frozenset({str, type(None)}),
}


class _Refused(Exception):
    """A value is not of its kind."""


def request_rows(
    rows: Sequence[Mapping[str, JsonValue]], wanted: Wanted, asked_at: datetime
) -> RequestRows:
    """Take key and features out of the rows; what else stands in them is passed over.

    Args:
        rows: as they were sent.
        wanted: what is read.
        asked_at: when they came.
    """
    refused: dict[int, str] = {}
    key, columns = wanted.key, wanted.columns
    cells = {key: _keys(rows, key, refused)}
    for place, row in enumerate(rows):
        if place not in refused and not row.keys() >= columns.keys():
            missing = next(name for name in columns if name not in row)
            refused[place] = f"`{missing}` is missing; where it is not known, say null"
    for name, column in columns.items():
        cells[name] = _cells([row.get(name) for row in rows], name, column, refused)
    kinds = {key: pa.string()} | {name: _kind(column) for name, column in columns.items()}
    places = tuple(place for place in range(len(rows)) if place not in refused)
    arrays = [
        pa.array(cells[name] if not refused else [cells[name][at] for at in places], kind)
        for name, kind in kinds.items()
    ]
    table = pa.table(arrays, names=list(kinds))
    kept = [rows[place] for place in places]
    for name, column in wanted.besides.items():
        if name not in kinds and (more := _besides(kept, name, column)) is not None:
            table = table.append_column(name, more)
    days = tuple(partition_of(row.get(wanted.event_time), asked_at) for row in kept)
    return RequestRows(table, places, days, refused)


def _besides(rows: Sequence[Mapping[str, JsonValue]], name: str, column: Column) -> pa.Array | None:
    """Read a column that nobody has to send; `None` unless each row has it as it should be."""
    if not all(name in row for row in rows):
        return None
    unfit: dict[int, str] = {}
    cells = _cells([row[name] for row in rows], name, column, unfit)
    return None if unfit else pa.array(cells, _kind(column))


def _keys(rows: Sequence[Mapping[str, JsonValue]], key: str, refused: dict[int, str]) -> list[Cell]:
    keys: list[Cell] = []
    seen: set[Cell] = set()
    for place, row in enumerate(rows):
        name = row.get(key)
        if name is None:
            refused[place] = f"the key `{key}` is missing"
        elif isinstance(name, bool) or not isinstance(name, str | int):
            refused[place] = f"the key `{key}` is neither text nor a whole number"
        elif str(name) in seen:
            refused[place] = f"an earlier row has the same key `{key}`"
        keys.append(None if place in refused else str(name))
        seen.add(keys[-1])
    return keys


def _cells(
    values: list[JsonValue], name: str, column: Column, refused: dict[int, str]
) -> list[Cell]:
    """Write the values of a column as its kind; most columns are as they should be, at once."""
    if {type(value) for value in values} <= _AS_THEY_ARE[column.type]:
        return cast("list[Cell]", values)
    cells: list[Cell] = []
    for place, value in enumerate(values):
        try:
            cells.append(_cell(value, name, column))
        except _Refused as why:
            refused.setdefault(place, str(why))
            cells.append(None)
    return cells


def _cell(value: JsonValue, name: str, column: Column) -> Cell:
    if value is None:
        return None
    if isinstance(value, list | dict):
        raise _Refused(f"`{name}` is not one value")
    return _number(value, name) if column.type == "number" else _text(value)


def _kind(column: Column) -> pa.DataType:
    return pa.float64() if column.type == "number" else pa.string()


def _number(value: float | str, name: str) -> float:
    if isinstance(value, str):
        raise _Refused(f"`{name}` is not a number")
    try:
        return float(value)
    except OverflowError:
        raise _Refused(f"`{name}` is too large a number") from None


def _text(value: float | str) -> str:
    """Write a category as partitions have it: 7.0 is 7, and a truth is `true`."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # Arrow counts to 2**63 alone
    text: str = pa.scalar(value).cast(pa.string()).as_py()
    return text
