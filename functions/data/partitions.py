"""One partition's objects, each read once as Arrow and handed over as arrays. No pandas here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from pyarrow import parquet

from core.domain.ids import content_hash
from core.domain.model_config import Column
from core.domain.partition import partition_prefix
from core.ports import ObjectInfo, Objects
from functions.data.arrow_columns import (
    Numbers,
    Words,
    WrongType,
    count_keys,
    take_column,
    wrong_key,
)

_SUFFIX = ".parquet"


@dataclass(frozen=True)
class PartitionArrays:
    """What was read of one partition; what is wrong with it is part of the answer."""

    rows: int
    duplicates: int
    """Rows whose key was there before."""
    nameless: int
    """Rows without a key."""
    columns: Mapping[str, Numbers | Words]
    missing: tuple[str, ...]
    """Columns that at least one object does not have."""
    mistyped: Mapping[str, str]
    """Of a column that is not what it should be: what it holds, as the end of a sentence."""
    unreadable: tuple[str, ...]
    """Names of objects that are not Parquet."""


def objects_of(prefix: str, partition: str, objects: Objects) -> list[ObjectInfo]:
    """List the Parquet objects of a partition, by key."""
    folder = partition_prefix(prefix, partition)
    # Only what lies directly in it: Spark keeps unfinished parts in `_temporary/` below.
    listed = (found for found in objects.list(folder) if "/" not in found.key[len(folder) :])
    return [found for found in listed if found.key.endswith(_SUFFIX)]


def fingerprint(found: Sequence[ObjectInfo]) -> str:
    """Name what a partition holds now: other bytes in any object give another name."""
    return content_hash("".join(f"{o.key}\0{o.etag}\n" for o in found).encode())


def read_partition(
    found: Sequence[ObjectInfo], columns: Mapping[str, Column], key: str, objects: Objects
) -> PartitionArrays:
    """Read the wanted columns of a partition.

    Args:
        found: the objects of the partition.
        columns: which columns, and what they should be.
        key: the column that names a row.
        objects: the store.

    Raises:
        NotThere: an object was deleted meanwhile.
    """
    tables = {stored.key: _read(stored.key, {key, *columns}, objects) for stored in found}
    readable = [table for table in tables.values() if table is not None]
    unreadable = [name.rpartition("/")[2] for name, table in tables.items() if table is None]
    return _arrays(readable, columns, key, tuple(unreadable))


def _read(object_key: str, wanted: set[str], objects: Objects) -> pa.Table | None:
    """Read an object, or return `None` if it is not Parquet."""
    with objects.local_copy(object_key) as path:
        try:
            with parquet.ParquetFile(path) as file:
                return file.read(columns=[c for c in file.schema_arrow.names if c in wanted])
        except (pa.ArrowException, OSError):
            return None


def _arrays(
    tables: Sequence[pa.Table], columns: Mapping[str, Column], key: str, unreadable: tuple[str, ...]
) -> PartitionArrays:
    there = {name for name in (key, *columns) if all(_has(name, table) for table in tables)}
    taken = {
        name: take_column([table.column(name) for table in tables], column.type)
        for name, column in columns.items()
        if name in there
    }
    rows = sum(table.num_rows for table in tables)
    distinct, nameless = rows, 0
    if key in there:
        names = [table.column(key) for table in tables]
        if wrong := wrong_key(names):
            taken[key] = wrong
        else:
            distinct, nameless = count_keys(names)
    return PartitionArrays(
        rows=rows,
        duplicates=max(rows - nameless - distinct, 0),
        nameless=nameless,
        columns={n: c for n, c in taken.items() if not isinstance(c, WrongType)},
        missing=tuple(name for name in (key, *columns) if name not in there),
        mistyped={n: c.holds for n, c in taken.items() if isinstance(c, WrongType)},
        unreadable=unreadable,
    )


def _has(name: str, table: pa.Table) -> bool:
    return bool(table.schema.get_field_index(name) >= 0)  # -1 also when two columns have the name
