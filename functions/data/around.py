"""What was known around one partition of features, and how rows are joined with it. No pandas."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import csv

from core.domain.data_config import AsOf
from core.domain.ids import content_hash
from core.domain.version import UsedTable
from functions.arrays import Counts
from functions.data.as_of_join import (
    NO_TIMES,
    CannotJoin,
    KnownRows,
    as_array,
    events_of,
    words_of,
)
from functions.data.parquet_stretches import Stretch


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
            raise CannotJoin(table, f"`{self.event_time}` {NO_TIMES}")
        by = [words_of(table, rows, name, "features") for name in table.by]
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


def refuse_clash(table: AsOf, schema: pa.Schema) -> None:
    """Refuse rows that have a column of the same name as one that is joined.

    Raises:
        CannotJoin: they do.
    """
    if clash := [name for name in table.columns if name in schema.names]:
        raise CannotJoin(table, f"the features have a column `{clash[0]}` of their own")


def _hash_of(known: KnownRows, places: Counts) -> str:
    """Name which rows came in where; rows of the table that nobody got do not matter."""
    found, at = np.unique(places, return_inverse=True)
    sink = pa.BufferOutputStream()
    csv.write_csv(known.columns.take(as_array(found)), sink)
    return content_hash(sink.getvalue().to_pybytes() + at.astype(np.int64).tobytes())
