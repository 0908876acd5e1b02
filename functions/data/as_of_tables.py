"""Tables of their own, read partition by partition, and joined to rows of features as of then.

Training, validation, checks, scoring and replay join here, and nowhere else. No pandas here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from pyarrow import csv

from core.domain.data_config import AsOf, Data
from core.domain.ids import content_hash
from core.domain.version import UsedTable
from core.ports import Objects
from functions.arrays import Counts
from functions.data.arrow_batch import in_words, plain
from functions.data.as_of_join import (
    KNOWN_AT,
    CannotJoin,
    KnownRows,
    as_array,
    as_text,
    events_of,
    is_odd,
    moments,
)
from functions.data.landed_objects import objects_of
from functions.data.object_tables import UnreadableObject, stretches
from functions.data.parquet_stretches import Stretch
from functions.untyped import with_numbers

_NO_TIMES: Final = "holds no times, or some with a zone and some without"


@dataclass(frozen=True)
class _Day:
    """One partition of a table."""

    rows: pa.Table | None
    """As `KnownRows` takes them; `None` when it has none."""
    has_zone: bool | None
    objects_hash: str | None
    """`None` when nothing lies there."""


@dataclass(frozen=True)
class Around:
    """What was known around one partition of features."""

    known: tuple[KnownRows, ...]
    event_time: str
    used: tuple[UsedTable, ...]

    def places(self, known: KnownRows, rows: Stretch) -> Counts:
        """Say for each row of features which row of a table it gets; see `KnownRows.places`.

        Args:
            known: the table.
            rows: features, with what they are joined by.

        Raises:
            CannotJoin: a column that they are joined by is missing or of another kind.
        """
        table = known.table
        for name in (self.event_time, *table.by):
            if rows.schema.names.count(name) != 1:
                raise CannotJoin(table, f"the features have no column `{name}`")
        events = events_of(rows.column(self.event_time))
        if events is None:
            raise CannotJoin(table, f"`{self.event_time}` {_NO_TIMES}")
        by = [_words(table, rows, name, "features") for name in table.by]
        return known.places(events, by)

    def joined(self, rows: pa.Table) -> tuple[pa.Table, str]:
        """Add the columns of all tables to rows; also name what was added by its hash.

        Raises:
            CannotJoin: the rows have a column of that name, or lack one that they are joined by.
        """
        said = []
        for known in self.known:
            refuse_clash(known.table, rows.schema)
            places = self.places(known, rows)
            said.append(_hash_of(known, places))
            for name in known.table.columns:
                rows = rows.append_column(name, known.column(name, places))
        return rows, content_hash(" ".join(said).encode())


class AsOfTables:
    """The tables of one model; keeps what the last partition needed, for the next one."""

    def __init__(self, data: Data, numbers: Collection[str], objects: Objects) -> None:
        """Say which.

        Args:
            data: names the tables.
            numbers: the columns that are to be numbers, where a format does not say so.
            objects: the store.
        """
        self._data, self._numbers, self._objects = data, numbers, objects
        self._days: dict[tuple[str, str], _Day] = {}

    def around(self, partition: str) -> Around:
        """Read what was known around a partition of features.

        Raises:
            CannotJoin: a table is not what the config says.
        """
        tables = self._data.as_of
        needed = [(of, day) for of in tables for day in of.partitions_for(partition)]
        self._days = {
            (of.name, day): self._days.get((of.name, day)) or self._read(of, day)
            for of, day in needed
        }
        known = tuple(KnownRows.of(of, self._rows(of)) for of in tables)
        used = tuple(
            UsedTable(table=name, partition=day, objects_hash=found.objects_hash)
            for (name, day), found in self._days.items()
            if found.objects_hash is not None
        )
        return Around(known, self._data.event_time, used)

    def _rows(self, of: AsOf) -> pa.Table:
        """Put the partitions of a table together, oldest first."""
        days = [day for (name, _), day in self._days.items() if name == of.name]
        if all(day.objects_hash is None for day in days):
            self._refuse_nothing(of)
        if len({day.has_zone for day in days if day.has_zone is not None}) > 1:
            raise CannotJoin(of, f"`{of.known_at}` {_NO_TIMES}")
        rows = [day.rows for day in days if day.rows is not None]
        return _together(of, rows) if rows else _no_rows(of)

    def _refuse_nothing(self, of: AsOf) -> None:
        """A feed that is late says nothing; one that never said anything is a wrong prefix."""
        if not any(self._objects.list(f"{of.prefix}/dt=")):
            raise CannotJoin(of, f"nothing lies under {of.prefix}")

    def _read(self, of: AsOf, partition: str) -> _Day:
        hashes, tables, zones = "", [], set[bool]()
        for stored in objects_of(of.prefix, partition, self._objects):
            with self._objects.local_copy(stored.key) as path:
                hashes += content_hash(path.read_bytes())
                for rows, has_zone in self._pieces(of, stored.key, path):
                    tables.append(rows)
                    zones |= {has_zone} if has_zone is not None else set()
        if len(zones) > 1:
            raise CannotJoin(of, f"`{of.known_at}` {_NO_TIMES}")
        return _Day(
            _together(of, tables) if tables else None,
            zones.pop() if zones else None,
            content_hash(hashes.encode()) if hashes else None,
        )

    def _pieces(self, of: AsOf, key: str, path: Path) -> list[tuple[pa.Table, bool | None]]:
        found, there = [], set[str]()
        try:
            for piece in stretches(path, key, of.read):
                there |= {*piece.schema.names}
                lacks = {*of.read}.difference(piece.table.schema.names)
                if piece.rows and not lacks:
                    found.append(self._piece(of, key, piece.table))
        except (UnreadableObject, pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise CannotJoin(of, f"{key} cannot be read") from error
        if there and (missing := [name for name in of.read if name not in there]):
            raise CannotJoin(of, f"`{missing[0]}` is missing in {key}")
        return found

    def _piece(self, of: AsOf, key: str, table: Stretch) -> tuple[pa.Table, bool | None]:
        """Take what `KnownRows` wants of some rows of an object."""
        if twice := [name for name in of.read if table.schema.names.count(name) > 1]:
            raise CannotJoin(of, f"`{twice[0]}` is there twice in {key}")
        table = with_numbers(table, [name for name in of.columns if name in self._numbers])
        columns: dict[str, pa.ChunkedArray] = {}
        for name in of.columns:
            columns[name] = plain(table.column(name))
            if is_odd(columns[name].type):
                raise CannotJoin(of, f"`{name}` holds {in_words(columns[name].type)}")
        for name in of.by:
            columns[name] = _words(of, table, name, "table")
        read = moments(table.column(of.known_at))
        if read is None:
            raise CannotJoin(of, f"`{of.known_at}` {_NO_TIMES}")
        times, has_zone = read
        columns[KNOWN_AT] = times
        return pa.table(columns), has_zone if times.null_count < len(times) else None


def refuse_clash(table: AsOf, schema: pa.Schema) -> None:
    """Refuse rows that have a column of the same name as one that is joined.

    Raises:
        CannotJoin: they do.
    """
    if clash := [name for name in table.columns if name in schema.names]:
        raise CannotJoin(table, f"the features have a column `{clash[0]}` of their own")


def _words(of: AsOf, rows: Stretch, name: str, whose: str) -> pa.ChunkedArray:
    text = as_text(rows.column(name))
    if text is None:
        held = in_words(rows.schema.field(name).type)
        raise CannotJoin(of, f"`{name}` of the {whose} holds {held}")
    return text


def _together(of: AsOf, tables: list[pa.Table]) -> pa.Table:
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException as error:
        raise CannotJoin(of, f"the objects under {of.prefix} differ in their columns") from error


def _no_rows(of: AsOf) -> pa.Table:
    kinds = dict.fromkeys(of.columns, pa.null()) | dict.fromkeys(of.by, pa.string())
    return pa.schema([*kinds.items(), (KNOWN_AT, pa.int64())]).empty_table()


def _hash_of(known: KnownRows, places: Counts) -> str:
    """Name which rows came in where; rows of the table that nobody got do not matter."""
    found, at = np.unique(places, return_inverse=True)
    sink = pa.BufferOutputStream()
    csv.write_csv(known.columns.take(as_array(found)), sink)
    return content_hash(sink.getvalue().to_pybytes() + at.astype(np.int64).tobytes())
