"""Which objects of a partition hold data; nothing is read here."""

from collections.abc import Set as AbstractSet

from core.domain.partition import format_of, partition_prefix
from core.ports import ObjectInfo, Objects


def objects_of(
    prefix: str, partition: str, objects: Objects, apart: AbstractSet[str] = frozenset()
) -> list[ObjectInfo]:
    """List the objects of a partition that hold data, by key; some names are known to hold none."""
    folder = partition_prefix(prefix, partition)
    # Only what lies directly in it: Spark keeps unfinished parts in `_temporary/` below.
    listed = (found for found in objects.list(folder) if "/" not in found.key[len(folder) :])
    return [f for f in listed if format_of(f.key) and f.key[len(folder) :] not in apart]
