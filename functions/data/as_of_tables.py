"""Tables of their own, as they land: read partition by partition, and put together. No pandas.

Training, validation, checks, scoring and replay read them here, and nowhere else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from core.domain.data_config import AsOf, Data
from core.domain.ids import content_hash
from core.domain.version import UsedTable
from core.ports import Objects
from functions.data.around import Around
from functions.data.arrow_batch import in_words, plain
from functions.data.as_of_join import (
    KNOWN_AT,
    NO_TIMES,
    CannotJoin,
    KnownRows,
    as_text,
    is_odd,
    moments,
    words_of,
)
from functions.data.landed_objects import objects_of
from functions.data.object_tables import UnreadableObject, stretches
from functions.data.parquet_stretches import Stretch
from functions.untyped import with_numbers


@dataclass(frozen=True)
class _Day:
    """One partition of a table."""

    rows: pa.Table | None
    """As `KnownRows` takes them; `None` when it has none."""
    has_zone: bool | None
    objects_hash: str | None
    """`None` when nothing lies there."""


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
            raise CannotJoin(of, f"`{of.known_at}` {NO_TIMES}")
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
            raise CannotJoin(of, f"`{of.known_at}` {NO_TIMES}")
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
            if is_odd(columns[name].type) or as_text(columns[name].slice(0, 1)) is None:
                raise CannotJoin(of, f"`{name}` holds {in_words(columns[name].type)}")
        for name in of.by:
            columns[name] = words_of(of, table, name, "table")
        read = moments(table.column(of.known_at))
        if read is None:
            raise CannotJoin(of, f"`{of.known_at}` {NO_TIMES}")
        times, has_zone = read
        columns[KNOWN_AT] = times
        return pa.table(columns), has_zone if times.null_count < len(times) else None


def _together(of: AsOf, tables: list[pa.Table]) -> pa.Table:
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException as error:
        raise CannotJoin(of, f"the objects under {of.prefix} differ in their columns") from error


def _no_rows(of: AsOf) -> pa.Table:
    kinds = dict.fromkeys(of.columns, pa.null()) | dict.fromkeys(of.by, pa.string())
    return pa.schema([*kinds.items(), (KNOWN_AT, pa.int64())]).empty_table()
