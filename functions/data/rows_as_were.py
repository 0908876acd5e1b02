"""A landed partition as it was when something was made of it, though more has landed since."""

from typing import Final

from core.domain.data_config import Data
from core.ports import Objects
from functions.data.landed_objects import objects_of
from functions.data.partition_rows import PartitionRows, read_landed

_MOST_NEWER: Final = 10
"""Objects that are left out before it is given up: each costs another read of the rest."""


def rows_as_were(
    data: Data, partition: str, content_hash: str, objects: Objects
) -> PartitionRows | None:
    """Read the rows whose bytes had this hash, leaving out what landed afterwards, newest first.

    Returns:
        `None` when they are not there any more: an object was rewritten, or is gone.
    """
    found = objects_of(data.features, partition, objects, data.apart)
    newest_first = sorted(found, key=lambda stored: stored.modified_at, reverse=True)
    newer = frozenset[str]()
    for stored in newest_first[: _MOST_NEWER + 1]:
        rows = read_landed(data.features, partition, data.key, objects, data.apart | newer)
        if rows is not None and rows.content_hash == content_hash:
            return rows
        newer |= {stored.key.rpartition("/")[2]}
    return None
