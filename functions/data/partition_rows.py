"""The rows of one landed partition as one Arrow table, and what its bytes hash to."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.errors import BadData
from core.domain.ids import content_hash
from core.domain.partition import format_of, split_key
from core.domain.version import UsedTable
from core.domain.wording import plain as on_one_line
from core.ports import Objects
from functions.arrays import Flags
from functions.data.arrow_batch import in_words, plain
from functions.data.landed_objects import objects_of
from functions.data.likely_column import it_is_missing, names_rows, the_only_one
from functions.data.object_tables import UnreadableObject, slices
from functions.untyped import is_untyped, with_numbers


class UnlikeParts(BadData):
    """The objects of one partition do not have the same columns."""

    def __init__(self, prefix: str, partition: str, column: str, kinds: tuple[str, str]) -> None:
        super().__init__(
            f"The objects under {prefix} of {partition} differ in their columns: "
            f"`{on_one_line(column)}` holds {kinds[0]} in one and {kinds[1]} in another."
        )
        self.partition, self.column = partition, column


class NoKey(BadData):
    """The column that names a row is missing, or empty somewhere."""

    def __init__(self, column: str, prefix: str, partition: str, found: str) -> None:
        super().__init__(
            f"Under {prefix}, {partition}: the column `{column}` must name every row, but {found}."
        )
        self.partition = partition


@dataclass(frozen=True)
class PartitionRows:
    """What landed for one partition."""

    table: pa.Table
    content_hash: str
    """Of the bytes of all its objects."""
    joined_hash: str | None = None
    """Of what tables of their own added to the rows that landed; `None` without any."""
    tables: tuple[UsedTable, ...] = ()
    """Those tables, as they were."""

    @property
    def rows_hash(self) -> str:
        """Name all that these rows say, whether it landed with them or was joined to them."""
        if self.joined_hash is None:
            return self.content_hash
        return content_hash(f"{self.content_hash} {self.joined_hash}".encode())

    def names(self, key: str) -> "pd.Index[str]":
        """Name each row by its key."""
        return pd.Index(pd.Series(self.keys(key), dtype="str"), dtype="str")

    def keys(self, key: str) -> pa.ChunkedArray:
        """Return the key of each row as text."""
        return self.table.column(key).cast(pa.string())

    def only(self, is_wanted: Flags) -> "PartitionRows":
        """Keep some of the rows."""
        return replace(self, table=self.table.filter(pa.array(is_wanted)))

    def without_duplicates(self, key: str) -> "PartitionRows":
        """Keep the first row of each key; most partitions have no others, and are not copied."""
        column = self.table.column(key)
        if pc.count_distinct(column).as_py() == len(column):
            return self
        seen: dict[object, int] = {}
        for row, name in enumerate(column.to_pylist()):
            seen.setdefault(name, row)
        return replace(self, table=self.table.take(list(seen.values())))

    def without(self, known: "pd.Index[str]", key: str) -> "PartitionRows":
        """Keep the rows whose key is not known yet."""
        return self.only(~self.names(key).isin(known))


def partition_names(prefix: str, objects: Objects) -> list[str]:
    """Name the partitions that have landed under a prefix, oldest first."""
    listed = (stored.key for stored in objects.list(f"{prefix}/dt="))
    split = (split_key(key) for key in listed if format_of(key))
    return sorted({found[1] for found in split if found and found[0] == prefix})


def read_rows(
    prefix: str,
    partition: str,
    key: str,
    objects: Objects,
    apart: AbstractSet[str] = frozenset(),
) -> PartitionRows | None:
    """Read all objects of a partition in the order of their keys; `None` when there is none.

    Args:
        prefix: where the partitions lie.
        partition: which one.
        key: the column that names a row.
        objects: the store.
        apart: names of objects there that hold no rows.

    Raises:
        UnreadableObject, UnlikeParts, NoKey: the partition breaks its contract.
    """
    rows = read_landed(prefix, partition, key, objects, apart)
    if rows is not None and rows.table.column(key).null_count:
        raise NoKey(key, prefix, partition, "it has empty values")
    return rows


def read_landed(
    prefix: str,
    partition: str,
    key: str,
    objects: Objects,
    apart: AbstractSet[str] = frozenset(),
) -> PartitionRows | None:
    """Read a partition as `read_rows` does, but with the rows that lack a key."""
    found = objects_of(prefix, partition, objects, apart)
    parts = [(stored.key, objects.get(stored.key)) for stored in found]
    if not parts:
        return None
    hashes = "".join(content_hash(body) for _, body in parts)
    tables = [table for name, body in parts if (table := _table(name, body)) is not None]
    nothing = pa.table({key: pa.array([], pa.string())})
    table = _joined(prefix, partition, tables or [nothing])
    if key not in table.column_names:
        another = the_only_one(table, key, lambda name: names_rows(table, name))
        raise NoKey(key, prefix, partition, it_is_missing(another, "data.key"))
    if _is_odd(table, key):
        raise NoKey(key, prefix, partition, "it holds no names")
    return PartitionRows(table, content_hash(hashes.encode()))


def _is_odd(table: pa.Table, key: str) -> bool:
    """Say whether a column holds what cannot be written as a name."""
    kind = table.schema.field(key).type
    return bool(pa.types.is_nested(kind)) or "binary" in str(kind)


def _table(key: str, body: bytes) -> pa.Table | None:
    """Read an object as a whole; `None` when it has not even columns."""
    pieces = [_plain(piece.table) for piece in slices(pa.py_buffer(body), key)]
    try:
        return pa.concat_tables(_alike(pieces), promote_options="permissive") if pieces else None
    except pa.ArrowException as error:
        raise UnreadableObject(key) from error


def _plain(table: pa.Table) -> pa.Table:
    """Write columns out; of those with the same name nobody knows which is meant."""
    names = [name for name, times in Counter(table.column_names).items() if times == 1]
    columns = [plain(table.column(name)) for name in names]
    return pa.table(columns, names=names).replace_schema_metadata(table.schema.metadata)


def _alike(pieces: list[pa.Table]) -> list[pa.Table]:
    """Write as text what is text in some rows of an object and something else in others."""
    texts = {f.name for piece in pieces for f in piece.schema if pa.types.is_string(f.type)}
    return [
        piece.cast(
            pa.schema(
                [f.with_type(pa.string()) if f.name in texts else f for f in piece.schema],
                metadata=piece.schema.metadata,
            )
        )
        for piece in pieces
    ]


def _with_types(tables: list[pa.Table]) -> list[pa.Table]:
    """Give CSV the types of what lies beside it in another format."""
    typed = [table for table in tables if not is_untyped(table)]
    if not typed or len(typed) == len(tables):
        return tables
    numbers = {f.name for table in typed for f in table.schema if not pa.types.is_string(f.type)}
    return _alike([with_numbers(table, numbers).replace_schema_metadata(None) for table in tables])


def _joined(prefix: str, partition: str, tables: list[pa.Table]) -> pa.Table:
    try:
        return pa.concat_tables(_with_types(tables), promote_options="permissive")
    except pa.ArrowException as error:
        raise UnlikeParts(prefix, partition, *_unlike(tables)) from error


def _unlike(tables: list[pa.Table]) -> tuple[str, tuple[str, str]]:
    """Name the first column that is one thing in one object and another in another."""
    first: dict[str, pa.DataType] = {}
    for field in (field for table in tables for field in table.schema):
        one, other = first.setdefault(field.name, field.type), field.type
        try:
            both = [pa.schema([(field.name, kind)]) for kind in (one, other)]
            pa.unify_schemas(both, promote_options="permissive")
        except pa.ArrowException:
            in_short = in_words(one), in_words(other)
            return field.name, in_short if len({*in_short}) > 1 else (str(one), str(other))
    # Of one kind, and yet a value does not fit into what all of them could be.
    return next(iter(first)), ("values", "values that do not fit beside them")
