"""Rows of a request as one Arrow table; a row that does not fit is refused in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    taken: list[list[Cell]] = []
    places, refused, seen = list[int](), dict[int, str](), set[Cell]()
    for place, row in enumerate(rows):
        try:
            cells = [_key(row, key, seen), *(_cell(row, *column) for column in columns.items())]
        except _Refused as why:
            refused[place] = str(why)
            continue
        seen.add(cells[0])
        taken.append(cells)
        places.append(place)
    kinds = [pa.string(), *(_kind(column) for column in columns.values())]
    by_column = zip(*taken, strict=True) if taken else [()] * len(kinds)
    arrays = [pa.array(cells, kind) for cells, kind in zip(by_column, kinds, strict=True)]
    return RequestRows(pa.table(arrays, names=[key, *columns]), tuple(places), refused)


def _kind(column: Column) -> pa.DataType:
    return pa.float64() if column.type == "number" else pa.string()


def _key(row: Mapping[str, JsonValue], key: str, seen: set[Cell]) -> Cell:
    name = row.get(key)
    if name is None or isinstance(name, bool) or not isinstance(name, str | int):
        raise _Refused(f"the key `{key}` is missing")
    if str(name) in seen:
        raise _Refused(f"an earlier row has the same key `{key}`")
    return str(name)


def _cell(row: Mapping[str, JsonValue], name: str, column: Column) -> Cell:
    if name not in row:
        raise _Refused(f"`{name}` is missing; where it is not known, say null")
    value = row[name]
    if value is None:
        return None
    if isinstance(value, list | dict):
        raise _Refused(f"`{name}` is not one value")
    return _number(value, name) if column.type == "number" else _text(value)


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
