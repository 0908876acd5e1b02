"""One partition's objects, each read once as Arrow and handed over as arrays. No pandas here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pyarrow as pa

from core.domain.ids import content_hash
from core.domain.partition import partition_prefix
from core.domain.reading import Reading
from core.ports import ObjectInfo, Objects
from functions.arrays import Sized
from functions.data.arrow_batch import Kind, count_keys, take_batch, wrong_key
from functions.data.parquet_stretches import Stretch, stretches

_SUFFIX = ".parquet"


@dataclass(frozen=True)
class Columns:
    """What is wanted of a partition."""

    key: str
    """The column that names a row."""
    kinds: Mapping[str, Kind]
    sensitive: AbstractSet[str] = frozenset()
    """Columns whose words are hashed before anything else sees them."""


def objects_of(prefix: str, partition: str, objects: Objects) -> list[ObjectInfo]:
    """List the Parquet objects of a partition, by key."""
    folder = partition_prefix(prefix, partition)
    # Only what lies directly in it: Spark keeps unfinished parts in `_temporary/` below.
    listed = (found for found in objects.list(folder) if "/" not in found.key[len(folder) :])
    return [found for found in listed if found.key.endswith(_SUFFIX)]


def fingerprint(found: Sequence[ObjectInfo], promised_rows: int | None = None) -> str:
    """Name what a partition holds now: other bytes in any object give another name.

    Another number of rows in its manifest does as well; `None` if that says nothing.
    """
    promised = "" if promised_rows is None else f"{promised_rows} rows"
    objects = "".join(f"{o.key}\0{o.etag}\n" for o in found)
    return content_hash(f"{objects}{promised}".encode())


def read_partition(
    found: Sequence[ObjectInfo],
    columns: Columns,
    objects: Objects,
    take: Callable[[Sized], None],
) -> Reading:
    """Read a partition, some ten thousand rows after others.

    Args:
        found: the objects of the partition.
        columns: what is wanted of it.
        objects: the store.
        take: is handed the values of these rows, in order.

    Raises:
        NotThere: an object was deleted meanwhile.
    """
    rows = 0
    keys: list[pa.ChunkedArray] = []
    missing: set[str] = set()
    mistyped: dict[str, str] = {}
    unreadable: list[str] = []
    for stored in found:
        try:
            for table in _stretches(stored.key, columns, objects):
                rows += table.num_rows
                taken = take_batch(table, columns.kinds, columns.sensitive)
                missing |= set(taken.missing)
                mistyped |= taken.mistyped
                if _has(columns.key, table):
                    keys.append(table.column(columns.key))
                else:
                    missing.add(columns.key)
                take(Sized(taken.batch, table.num_rows))
        except (pa.ArrowException, OSError):
            unreadable.append(stored.key.rpartition("/")[2])
    distinct, nameless = rows, 0
    if wrong := wrong_key(keys):
        mistyped[columns.key] = wrong
    elif columns.key not in missing:
        distinct, nameless = count_keys(keys)
    return Reading(
        rows=rows,
        duplicates=max(rows - nameless - distinct, 0),
        nameless=nameless,
        missing=tuple(name for name in (columns.key, *columns.kinds) if name in missing),
        mistyped=mistyped,
        unreadable=tuple(unreadable),
    )


def hold_partition(
    found: Sequence[ObjectInfo], columns: Columns, objects: Objects
) -> tuple[Reading, list[Sized]]:
    """Read a partition whole, and hold all its columns; otherwise as `read_partition`."""
    parts: list[Sized] = []
    reading = read_partition(found, columns, objects, lambda part: parts.append(part.held()))
    return reading, parts


def _stretches(object_key: str, columns: Columns, objects: Objects) -> Iterator[Stretch]:
    coded = [name for name, kind in columns.kinds.items() if kind == "category"]
    with objects.local_copy(object_key) as path:
        yield from stretches(path, list(dict.fromkeys([columns.key, *columns.kinds])), coded)


def _has(name: str, table: Stretch) -> bool:
    return bool(table.schema.get_field_index(name) >= 0)  # -1 also when two columns have the name
