"""What a partition looks like: a small one is read at once, a large one object by object.

The profile of each object is kept, so that of a partition that grows only what is new is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

from core.domain.base import Value
from core.domain.errors import OpsError, Unknown
from core.domain.finding import Finding
from core.domain.job import Job
from core.domain.model_config import InForce, ModelConfig, ModelName
from core.domain.partition import PartitionName
from core.domain.reading import Reading
from core.domain.watch import Watch
from core.ports import ObjectInfo, Objects, Ports
from functions.data.partitions import Columns, read_partition
from functions.data.profiles import Profiles, place_of
from functions.flows.checking.history import InUse, reference_in_use
from functions.flows.checking.measure import columns_of
from functions.ml.checking.key_sample import KeyCounter, KeySampler
from functions.ml.checking.packing import Packed, pack_part, unpack_part
from functions.ml.checking.part import Part
from functions.ml.checking.profile import Profile, Profiler
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.tally import Tally

_MIB = 2**20
_NOTHING_LEARNED = Ruler.of({})


class ProfiledElsewhere(OpsError):
    """Not an error: others profile the objects, and start the check again when they are done."""

    def __init__(self, partition: str, objects: int) -> None:
        super().__init__(f"{objects} objects of {partition} are being profiled; its check follows.")
        self.objects = objects


class LandedObject(Value):
    """One object of a partition, and the model for which it is profiled."""

    model: ModelName
    partition: PartitionName
    key: str


@dataclass(frozen=True)
class Gauge:
    """What a model's objects are profiled with, and where their profiles are kept."""

    tally: Tally
    """Of no rows: for the rules that are judged today."""
    columns: Columns
    ruler: Ruler
    place: str
    objects: Objects

    @classmethod
    def of(cls, config: ModelConfig, in_use: InUse | None, ports: Ports) -> Self:
        """Take the ruler in use; before one is learned rows are only counted."""
        tally = Tally.of(config, ports.now().date())
        ruler = in_use.reference.ruler if in_use else _NOTHING_LEARNED
        columns, named = columns_of(config), in_use.place if in_use else ""
        fields = (*Profile.__dataclass_fields__, *tally.told_apart_by)
        place = place_of(config.model, named, columns, fields)
        return cls(tally, columns, ruler, place, ports.objects)

    def profiles_of(self, partition: str) -> Profiles:
        """Look at what is kept of a partition."""
        return Profiles.of(partition, self.place, self.objects)


def read_and_profile(
    config: ModelConfig,
    partition: str,
    found: list[ObjectInfo],
    in_use: InUse | None,
    ports: Ports,
) -> tuple[Reading, Profile, list[Finding]]:
    """Read and profile the objects of a partition, and find the written rules that are broken.

    Raises:
        ProfiledElsewhere: this will be called again, when others have done it.
        NotThere: an object was deleted or rewritten meanwhile.
    """
    gauge = Gauge.of(config, in_use, ports)
    if not _is_large(found, config):
        profiler, tally = Profiler(gauge.ruler), gauge.tally.anew()
        take = tally.before(profiler.take)
        reading = read_partition(found, gauge.columns, ports.objects, take, KeyCounter())
        return reading, profiler.profile, list(tally.findings(reading))
    _see_to(gauge.profiles_of(partition).lacking(found), config, partition, gauge, ports)
    whole = merged(found, partition, gauge)
    reading = whole.told(gauge.columns.key, list(gauge.columns.kinds))
    return reading, whole.profile, list(whole.tally.findings(reading))


def profile_for(landed: LandedObject, ports: Ports) -> None:
    """Profile an object for the next check of its partition, as its model is checked now.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    in_force = ports.records.get(InForce, landed.model)
    if in_force is None:
        raise Unknown("model", landed.model)
    watch = ports.records.get(Watch, landed.model)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    profile_object(Gauge.of(in_force.config, in_use, ports), landed)


def profile_object(gauge: Gauge, landed: LandedObject) -> None:
    """Profile an object and keep that, unless it is kept already.

    One that is deleted or rewritten meanwhile is left alone: the check lists what is there then.
    """
    profiles, found = gauge.profiles_of(landed.partition), _listed(landed.key, gauge.objects)
    if not found or profiles.has(found[0]):
        return
    profiler, keys, tally = Profiler(gauge.ruler), KeySampler(), gauge.tally.anew()
    take = tally.before(profiler.take)
    reading = read_partition(found, gauge.columns, gauge.objects, take, keys)
    if _listed(landed.key, gauge.objects) == found:
        packed = pack_part(Part(profiler.profile, keys.sample, reading, tally))
        profiles.keep(found[0], packed.header, packed.arrays)


def merged(found: Sequence[ObjectInfo], partition: str, gauge: Gauge) -> Part:
    """Put the profiles of objects together, in their order; a few are held at a time.

    Raises:
        NotThere: one has none: it was rewritten meanwhile.
    """
    whole = Part.empty(gauge.ruler, gauge.tally)
    for header, arrays in gauge.profiles_of(partition).read(found):
        packed = Packed(header, arrays)
        whole = whole.followed_by(unpack_part(packed, gauge.ruler, gauge.tally))
    return whole


def _see_to(
    missing: Sequence[ObjectInfo],
    config: ModelConfig,
    partition: str,
    gauge: Gauge,
    ports: Ports,
) -> None:
    """Profile what is not profiled yet: a few objects here, many beside each other."""
    things = [LandedObject(model=config.model, partition=partition, key=one.key) for one in missing]
    work = partial(profile_object, gauge)
    if len(things) == 1 or not _is_large(missing, config):
        for thing in things:
            work(thing)
        return
    again = Job.check_partition(config.model, partition, gauge.place)
    if not ports.fan.out(work, things, again):
        raise ProfiledElsewhere(partition, len(things))


def _is_large(found: Sequence[ObjectInfo], config: ModelConfig) -> bool:
    size_bytes = sum(one.size_bytes for one in found)
    return size_bytes > config.checks.parallel_above_mib * _MIB


def _listed(key: str, objects: Objects) -> list[ObjectInfo]:
    """List an object as it is now; nothing if it is not there."""
    return [found for found in objects.list(key) if found.key == key]
