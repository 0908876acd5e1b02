"""What tables of their own add to the rows of an object while it is read; no pandas here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from core.domain.data_config import AsOf, Data
from core.ports import Objects
from functions.arrays import Counts
from functions.data.around import Around, refuse_clash
from functions.data.as_of_join import CannotJoin, KnownRows
from functions.data.as_of_tables import AsOfTables
from functions.data.object_tables import Slice
from functions.data.parquet_stretches import Stretch, blocks


class JoinedSlices:
    """Joins a partition some rows after others; what cannot be joined is null, and told."""

    def __init__(
        self, data: Data, numbers: Iterable[str], partition: str, objects: Objects
    ) -> None:
        """Read what was known around a partition of features.

        Args:
            data: names the tables.
            numbers: the columns that are to be numbers, where a format does not say so.
            partition: of features.
            objects: the store.
        """
        self.mistyped: dict[str, str] = {}
        """Of each column that cannot be joined: why, as the end of a sentence."""
        self._around: dict[AsOf, Around | None] = {}
        for table in data.as_of:  # each by itself: one that is wrong says nothing of the others
            alone = data.model_copy(update={"as_of": (table,)})
            try:
                self._around[table] = AsOfTables(alone, {*numbers}, objects).around(partition)
            except CannotJoin as wrong:
                self._cannot(table, wrong)

    def of(self, pieces: Iterable[Slice]) -> Iterator[Slice]:
        """Add the columns of the tables to the pieces of an object."""
        stored, extended = None, pa.schema([])
        for piece in pieces:
            found: dict[str, tuple[KnownRows, Counts] | None] = {}
            for table in self._around:
                found |= dict.fromkeys(table.columns, self._places(table, piece))
            joined = _Joined(piece.table, piece.rows, found)
            if piece.schema is not stored:
                others = [field for field in piece.schema if field.name not in found]
                stored, extended = piece.schema, pa.schema([*others, *joined.added])
            yield Slice(joined.as_table_if_read(), extended, piece.rows)

    def _places(self, table: AsOf, piece: Slice) -> tuple[KnownRows, Counts] | None:
        around = self._around[table]
        if around is None:
            return None
        [known] = around.known
        try:
            refuse_clash(table, piece.schema)
            return known, around.places(known, piece.table)
        except CannotJoin as wrong:
            self._cannot(table, wrong)
            return None

    def _cannot(self, table: AsOf, wrong: CannotJoin) -> None:
        self._around[table] = None
        self.mistyped |= dict.fromkeys(table.columns, wrong.why)


@dataclass(frozen=True)
class _Joined:
    """Some rows, and the columns that are joined to them when they are asked for."""

    read: Stretch
    rows: int
    found: Mapping[str, tuple[KnownRows, Counts] | None]

    @property
    def added(self) -> list[pa.Field]:
        """The columns that are joined; nulls where that cannot be."""
        return [
            one[0].columns.schema.field(name) if one else pa.field(name, pa.null())
            for name, one in self.found.items()
        ]

    @property
    def schema(self) -> pa.Schema:
        """See `Stretch`."""
        return pa.schema([*self.read.schema, *self.added])

    @property
    def num_rows(self) -> int:
        """See `Stretch`."""
        return self.rows

    def column(self, name: str) -> pa.ChunkedArray:
        """See `Stretch`."""
        if name not in self.found:
            return self.read.column(name)
        one = self.found[name]
        return one[0].column(name, one[1]) if one else pa.chunked_array([pa.nulls(self.rows)])

    def blocks(self, names: Sequence[str]) -> Iterator[tuple[int, Stretch]]:
        """See `parquet_stretches.blocks`; what is joined comes last, a column at a time."""
        yield from blocks(self.read, [name for name in names if name not in self.found])
        for name in names:
            if name in self.found:
                yield 0, pa.table({name: self.column(name)})

    def as_table_if_read(self) -> Stretch:
        """Be a table where the rows are one, which knows whether it has types."""
        if not isinstance(self.read, pa.Table):
            return self
        table: pa.Table = self.read
        for name in self.found:
            table = table.append_column(name, self.column(name))
        whole: Stretch = table
        return whole
