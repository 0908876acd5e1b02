"""One large partition in many objects, taken one by one as the product does.

Each function is called through `call.py`, in a process of its own, so that it can be measured.
"""

from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from core.adapters.folder.objects import FolderObjects
from core.adapters.processes import OneProcess, Processes
from core.domain.job import Job
from core.ports import Fan, ObjectInfo
from functions.data.arrow_batch import Kind, take_batch
from functions.data.landed_objects import objects_of
from functions.data.object_tables import stretches
from functions.data.partitions import Columns, read_partition
from functions.data.summaries import keep_reference, read_reference
from functions.flows.checking.profile_objects import Gauge, LandedObject, merged, profile_object
from functions.ml.checking.key_sample import KeyCounter
from functions.ml.checking.packing import Packed, pack_reference, unpack_reference
from functions.ml.checking.profile import Profiler
from functions.ml.checking.reference import Day, learn
from functions.ml.checking.ruler import NumberRuler
from functions.ml.checking.tally import Tally

MODEL: Final = "large"
PARTITION: Final = "2026-01-31"
LANDED: Final = f"{MODEL}/features"
_KEPT: Final = "kept"
_KEY: Final = "number_0"  # any column whose values differ


def learn_ruler(earlier: Path, kept: Path) -> None:
    """Learn how columns are measured from one small partition."""
    kinds = kinds_of(earlier)
    pieces = stretches(earlier, earlier.name, list(kinds))
    parts = [take_batch(piece.table, kinds).part.held() for piece in pieces]
    day = Day(parts, 0.0)
    packed = pack_reference(learn({"2026-01-30": day}, kinds))
    key = keep_reference(MODEL, packed.header, packed.arrays, FolderObjects(kept))
    (kept / _KEPT).write_text(key)


def with_1_process(folder: Path, kept: Path) -> None:
    """Profile all objects, one after the other."""
    _profile_with(OneProcess(), folder, kept)


def with_2_processes(folder: Path, kept: Path) -> None:
    """Profile all objects, two at a time."""
    _profile_with(Processes(2), folder, kept)


def merge(folder: Path, kept: Path) -> None:
    """Put the kept profiles together."""
    merged(objects_in(folder), PARTITION, gauge_of(folder, kept))


def at_once(folder: Path, kept: Path) -> None:
    """Read all objects one after the other into one profile, as of a small partition."""
    gauge = gauge_of(folder, kept)
    profiler = Profiler(gauge.ruler)
    read_partition(objects_in(folder), gauge.columns, gauge.objects, profiler.take, KeyCounter())


def _profile_with(fan: Fan, folder: Path, kept: Path) -> None:
    things = [
        LandedObject(model=MODEL, partition=PARTITION, key=one.key) for one in objects_in(folder)
    ]
    work = partial(profile_object, gauge_of(folder, kept))
    fan.out(work, things, Job.check_partition(MODEL, PARTITION, "a bench"))


def objects_in(folder: Path) -> list[ObjectInfo]:
    """List the objects of the partition."""
    return objects_of(LANDED, PARTITION, FolderObjects(folder))


def gauge_of(folder: Path, kept: Path) -> Gauge:
    """Read what the objects are profiled with."""
    stored = read_reference((kept / _KEPT).read_text(), FolderObjects(kept))
    if stored is None:
        raise LookupError("learn_ruler comes before everything else")
    ruler = unpack_reference(Packed(*stored)).ruler
    kinds: dict[str, Kind] = {
        name: "number" if isinstance(rule, NumberRuler) else "category"
        for name, rule in ruler.columns.items()
    }
    place = f"profiles/{MODEL}/bench"
    return Gauge(Tally(), Columns(_KEY, kinds), ruler, place, FolderObjects(folder))


def kinds_of(path: Path) -> dict[str, Kind]:
    """Say what the columns of a made partition hold."""
    schema = parquet.read_schema(path)
    return {f.name: "number" if pa.types.is_floating(f.type) else "category" for f in schema}
