"""Where profiles of single objects are kept while their partition can grow; never their rows.

What they are told apart by says all that they depend on: an object that is rewritten, or another
ruler, config or schema, is another profile, and what nobody asks for is removed after two weeks.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from core.domain.ids import content_hash
from core.domain.partition import partition_prefix
from core.ports import ObjectInfo, Objects
from functions.data.npz import Arrays, Header, packed, unpacked
from functions.data.partitions import Columns

_READ_AT_ONCE = 16  # some 200 KB each, and a store answers each after a while
_SCHEMA = 1  # of what is said in the header, and of how values are hashed


def place_of(model: str, ruler: str, columns: Columns, fields: tuple[str, ...]) -> str:
    """Say where the profiles of a model lie that can be merged with each other.

    Args:
        model: whose.
        ruler: names what they are measured with.
        columns: what is read of an object.
        fields: what a profile is made of.
    """
    wanted = [columns.key, sorted(columns.kinds.items()), sorted(columns.sensitive)]
    joined = [columns.joins.model_dump(include={"event_time", "as_of"})] if columns.joins else []
    by = json.dumps([_SCHEMA, ruler, wanted, fields, *joined])
    return f"profiles/{model}/{content_hash(by.encode())}"


@dataclass(frozen=True)
class Profiles:
    """The profiles of one partition's objects that can be merged with each other."""

    folder: str
    objects: Objects

    @classmethod
    def of(cls, partition: str, place: str, objects: Objects) -> Self:
        """Look at the profiles of a partition."""
        return cls(partition_prefix(place, partition), objects)

    def lacking(self, found: Sequence[ObjectInfo]) -> list[ObjectInfo]:
        """Leave those objects that have no profile yet."""
        kept = {stored.key for stored in self.objects.list(self.folder)}
        return [one for one in found if self._key(one) not in kept]

    def has(self, of: ObjectInfo) -> bool:
        """Say whether an object has a profile."""
        return any(self.objects.list(self._key(of)))  # and not the whole of a large partition

    def keep(self, of: ObjectInfo, header: Header, arrays: Arrays) -> None:
        """Keep what an object looks like, in place of the same."""
        self.objects.put(self._key(of), packed(header, arrays))

    def read(self, found: Sequence[ObjectInfo]) -> Iterator[tuple[Header, Arrays]]:
        """Read what objects look like, in their order; a few are held at a time.

        Raises:
            NotThere: one has no profile: it was rewritten before it was read.
        """
        with ThreadPoolExecutor(_READ_AT_ONCE) as pool:
            for start in range(0, len(found), _READ_AT_ONCE):
                keys = [self._key(one) for one in found[start : start + _READ_AT_ONCE]]
                for body in pool.map(self.objects.get, keys):
                    yield unpacked(body)

    def _key(self, of: ObjectInfo) -> str:
        name = content_hash(f"{of.key}\0{of.etag}".encode())
        return f"{self.folder}{name}.npz"
