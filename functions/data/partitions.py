"""One partition's objects, each read once as Arrow and handed over as arrays. No pandas here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Protocol

import pyarrow as pa

from core.domain.data_config import Data
from core.domain.ids import content_hash
from core.domain.partition import split_key
from core.domain.reading import Reading
from core.ports import ObjectInfo, Objects
from functions.arrays import Hashes, Sized
from functions.data.arrow_batch import TWICE, Kind, in_words, take_batch, wrong_key
from functions.data.joined_slices import JoinedSlices
from functions.data.keys import key_numbers
from functions.data.object_tables import Slice, UnreadableObject, stretches
from functions.data.parquet_stretches import Stretch, blocks
from functions.untyped import with_numbers


@dataclass(frozen=True)
class Columns:
    """What is wanted of a partition."""

    key: str
    """The column that names a row."""
    kinds: Mapping[str, Kind]
    sensitive: AbstractSet[str] = frozenset()
    """Columns whose words are hashed before anything else sees them."""
    besides: AbstractSet[str] = frozenset()
    """Columns that are known and not wanted."""
    joins: Data | None = None
    """Names the tables of their own that are joined to the rows; `None` without any."""

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns that are asked for, in that order."""
        return tuple(dict.fromkeys((self.key, *self.kinds)))

    @property
    def stored(self) -> tuple[str, ...]:
        """Those that an object has to have: what rows are joined by comes first."""
        if self.joins is None:
            return self.wanted
        own = (name for name in self.wanted if name not in self.joins.joined)
        return tuple(dict.fromkeys((*self.joins.joined_by, *own)))

    @property
    def of_words(self) -> list[str]:
        """Those of them that hold categories."""
        return [name for name, kind in self.kinds.items() if kind == "category"]

    @property
    def named(self) -> AbstractSet[str]:
        """All columns that are known."""
        return {*self.wanted, *self.stored, *self.besides}


class Keys(Protocol):
    """Whatever looks at the keys that name rows."""

    def take(self, keys: Iterable[tuple[int, Hashes]]) -> None:
        """See `key_numbers`."""

    def distinct(self, named: int) -> int:
        """Say how many different ones there were, in so many rows that have one."""


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
    keys: Keys | None = None,
) -> Reading:
    """Read a partition, some ten thousand rows after others.

    Args:
        found: the objects of the partition.
        columns: what is wanted of it.
        objects: the store.
        take: is handed the values of these rows, in order.
        keys: is handed their keys; `None` where nobody asks which are the same.

    Raises:
        NotThere: an object was deleted meanwhile.
    """
    seen = _Seen(columns, keys)
    joined = _joined(found, columns, objects)
    unreadable: list[str] = []
    for stored in found:
        try:
            with objects.local_copy(stored.key) as path:
                pieces = stretches(path, stored.key, columns.stored, columns.of_words)
                for part in seen.object(joined.of(pieces) if joined else pieces):
                    take(part)
        # Columns are read while they are taken; and Arrow takes bytes that are no text for text.
        except (UnreadableObject, pa.ArrowException, OSError, UnicodeDecodeError):
            unreadable.append(stored.key.rpartition("/")[2])
    reading = seen.reading(unreadable)
    if joined is None:
        return reading
    return reading.model_copy(update={"mistyped": {**reading.mistyped, **joined.mistyped}})


def _joined(found: Sequence[ObjectInfo], columns: Columns, objects: Objects) -> JoinedSlices | None:
    """Read once for a partition what its rows are joined with."""
    of = split_key(found[0].key) if found else None
    if columns.joins is None or of is None:
        return None
    numbers = [name for name, kind in columns.kinds.items() if kind == "number"]
    return JoinedSlices(columns.joins, numbers, of[1], objects)


@dataclass(frozen=True)
class ReadAgain:
    """A partition whose rows are read from its objects whenever they are asked for."""

    found: Sequence[ObjectInfo]
    columns: Columns
    objects: Objects
    duplicates: float | None
    """The share of rows whose key was there before, 0..1, as the first reading told."""

    def each(self, take: Callable[[Sized], None]) -> None:
        """Hand over all its rows; see `read_partition`."""
        read_partition(self.found, self.columns, self.objects, take)


class _Seen:
    """What the objects of a partition told so far, besides their values."""

    def __init__(self, columns: Columns, keys: Keys | None) -> None:
        self._columns, self._keys = columns, keys
        self._rows = self._nameless = 0
        self._missing: set[str] = set()
        self._mistyped: dict[str, str] = {}
        self._others: dict[str, str] = {}

    def object(self, pieces: Iterable[Slice]) -> Iterator[Sized]:
        """Go through one object."""
        columns = self._columns
        numbers = [name for name, kind in columns.kinds.items() if kind == "number"]
        names: set[str] = set()
        schema = None
        for piece in pieces:
            table = with_numbers(piece.table, numbers)
            taken = take_batch(table, columns.kinds, columns.sensitive)
            self._rows += piece.rows
            self._mistyped |= taken.mistyped
            if piece.schema is not schema:
                self._look_at(schema := piece.schema)
                names |= set(schema.names)
            if self._keys and table.schema.names.count(columns.key) == 1:
                self._take_keys(table, self._keys)
            yield replace(taken.part, rows=piece.rows)
        if names:  # an object without anything in it lacks nothing
            self._missing |= {*columns.wanted, *columns.stored} - names

    def _take_keys(self, table: Stretch, keys: Keys) -> None:
        key = self._columns.key
        if wrong := wrong_key(table.schema.field(key).type):
            self._mistyped[key] = wrong
            return
        for _, rows in blocks(table, [key]):
            self._nameless += rows.column(key).null_count
            keys.take(key_numbers([rows.column(key)]))

    def _look_at(self, schema: pa.Schema) -> None:
        if schema.names.count(self._columns.key) > 1:
            self._mistyped[self._columns.key] = TWICE
        for field in schema:
            if field.name not in self._columns.named:
                self._others[field.name] = in_words(field.type)

    def reading(self, unreadable: Sequence[str]) -> Reading:
        """Put it together; see `read_partition`."""
        key = self._columns.key
        every = dict.fromkeys((*self._columns.wanted, *self._columns.stored))
        named = self._rows - self._nameless
        distinct = self._keys.distinct(named) if self._keys else named
        is_named = key not in self._missing and key not in self._mistyped
        return Reading(
            rows=self._rows,
            duplicates=max(named - distinct, 0) if is_named else 0,
            nameless=self._nameless if is_named else 0,
            missing=tuple(name for name in every if name in self._missing),
            mistyped=self._mistyped,
            unreadable=tuple(unreadable),
            others={name: self._others[name] for name in sorted(self._others)},
        )
