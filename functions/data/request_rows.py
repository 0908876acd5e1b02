"""Rows of a request as one Arrow table; a row that does not fit is refused in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import pyarrow as pa
from pydantic import JsonValue

from core.domain.model_config import Column

Cell = float | str | None


@dataclass(frozen=True)
class RequestRows:
    """The rows that can be read."""

    table: pa.Table
    places: tuple[int, ...]
    """Where each stands in the request."""
    refused: dict[int, str]
    """By place, why the others cannot be read."""


_AS_THEY_ARE: Final = {
    "number": frozenset({float, type(None)}),
    "category": frozenset({str, type(None)}),
}


class _Refused(Exception):
    """A value is not of its kind."""


def request_rows(
    rows: Sequence[Mapping[str, JsonValue]], columns: Mapping[str, Column], key: str
) -> RequestRows:
    """Take key and features out of the rows; what else stands in them is passed over.

    Args:
        rows: as they were sent.
        columns: what is read; each row names all of them, `null` where a value is not known.
        key: the column that names a row.
    """
    refused: dict[int, str] = {}
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
    return RequestRows(pa.table(arrays, names=list(kinds)), places, refused)


def _keys(rows: Sequence[Mapping[str, JsonValue]], key: str, refused: dict[int, str]) -> list[Cell]:
    keys: list[Cell] = []
    seen: set[Cell] = set()
    for place, row in enumerate(rows):
        name = row.get(key)
        if name is None or isinstance(name, bool) or not isinstance(name, str | int):
            refused[place] = f"the key `{key}` is missing"
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
    text: str = pa.scalar(value).cast(pa.string()).as_py()
    return text
