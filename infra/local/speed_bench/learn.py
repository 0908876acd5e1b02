"""Learns from a window of partitions as the product does; in a process of its own: `call.py`."""

from functools import partial
from pathlib import Path

from core.adapters.folder.objects import FolderObjects
from core.domain.partition import days_before
from functions.data.landed_objects import objects_of
from functions.data.partitions import Columns, ReadAgain, read_partition
from functions.ml.checking.key_sample import KeyCounter
from functions.ml.checking.looks import Looks
from functions.ml.checking.reference import learn_from
from infra.local.speed_bench.fan import kinds_of

LANDED = "large/features"
_KEY = "number_0"  # any column whose values differ
_LAST = "2026-01-30"


def names_of(partitions: int) -> list[str]:
    """Name as many days."""
    return [days_before(_LAST, partitions - 1 - i) for i in range(partitions)]


def learn_window(folder: Path, kept: Path) -> None:
    """Look at each partition of a folder, then measure each with what was learned.

    Args:
        folder: the root of a store.
        kept: a file that says of how many partitions.
    """
    objects = FolderObjects(folder)
    days: dict[str, ReadAgain] = {}
    looks: Looks | None = None
    for name in names_of(int(kept.read_text())):
        found = objects_of(LANDED, name, objects)
        columns = Columns(_KEY, kinds_of(folder / found[0].key))
        looks = looks or Looks(columns.kinds)
        reading = read_partition(found, columns, objects, partial(looks.take, name), KeyCounter())
        days[name] = ReadAgain(found, columns, objects, reading.duplicate_share)
    if looks is None:
        raise LookupError("there is no partition to learn from")
    learn_from(looks, days)
