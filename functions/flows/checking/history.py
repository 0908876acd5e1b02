"""What a model's partitions are compared with: a reference, and what was checked since."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.domain.ids import content_hash
from core.domain.partition_check import PartitionCheck
from core.domain.watch import Watch
from core.ports import Ports, changed
from functions.arrays import Hashes
from functions.data import summaries
from functions.flows.checking.trust import trusted
from functions.ml.checking.packing import (
    Packed,
    pack_closed,
    pack_reference,
    pack_ruler,
    unpack_closed,
    unpack_reference,
)
from functions.ml.checking.reference import Closed, Reference, most_kept
from functions.ml.checking.summary import Summary

_TAKEN_IN_AT = 16  # summaries that are read one by one at the most, if nobody has to judge them


@dataclass(frozen=True)
class InUse:
    """The reference that a model's checks use."""

    key: str
    """Under which it is kept."""
    model: str
    """Whose it is, as a part of keys; of predictions it has a part of its own."""
    reference: Reference
    config_hash: str
    """Of the config in force when its ruler was learned."""
    taken_in: Mapping[str, str]
    """The partitions whose summaries it took in after they were checked, and their etags."""
    place: str
    """Where summaries on the same ruler are kept."""


@dataclass(frozen=True)
class History:
    """Trusted partitions, oldest first, on one ruler."""

    partitions: tuple[str, ...]
    summaries: Summary
    """Shape (partitions, ...)."""
    known: tuple[Hashes, ...]
    """For each column, the words they had and the ruler does not know."""
    later: Mapping[str, Closed]
    """Those of them that the reference has not taken in."""
    etags: Mapping[str, str]
    """Of the summaries of these."""


def reference_in_use(key: str | None, ports: Ports) -> InUse | None:
    """Read a reference; `None` before there is one."""
    stored = summaries.read_reference(key, ports.objects) if key else None
    if key is None or stored is None:
        return None
    header, arrays = stored
    reference = unpack_reference(Packed(header, arrays))
    place = summaries.place_of(header["model"], _ruler_id(reference))
    return InUse(key, header["model"], reference, header["config"], header["taken_in"], place)


def keep_reference(
    model: str, reference: Reference, config_hash: str, taken_in: Mapping[str, str], ports: Ports
) -> str:
    """Keep a reference; returns its key, which the same reference has again."""
    packed = pack_reference(reference)
    header = {**packed.header, "config": config_hash, "taken_in": dict(taken_in)}
    return summaries.keep_reference(model, header, packed.arrays, ports.objects)


def keep(in_use: InUse, partition: str, closed: Closed, ports: Ports) -> None:
    """Keep what a partition looks like for those that come after it."""
    summaries.keep_summary(in_use.place, partition, pack_closed(closed).arrays, ports.objects)


def history_before(
    model: str,
    partition: str,
    in_use: InUse,
    ports: Ports,
    checks: type[PartitionCheck] = PartitionCheck,
) -> History:
    """Collect what came before a partition: the reference's partitions, and what was checked since.

    A partition that is older than all of it is compared with what came after.
    """
    reference = in_use.reference
    learned = frozenset(reference.partitions)
    etags = {
        name: etag
        for name, etag in summaries.summarised(in_use.place, ports.objects).items()
        if in_use.taken_in.get(name) != etag
    }
    names = sorted({*learned, *etags} - {partition})
    before = [name for name in names if name < partition] or names
    before = before[-most_kept(reference.ruler) :]
    chosen = trusted(model, before, ports, checks)
    later = {
        name: found
        for name in chosen
        if name in etags and (found := closed_of(in_use, name, ports)) is not None
    }
    usable = [name for name in chosen if name in later or name in learned]
    known = tuple(
        np.unique(np.concatenate([words, *(closed.unknown[i] for closed in later.values())]))
        for i, words in enumerate(reference.known)
    )
    compared = reference.summaries_of(usable, later)
    return History(tuple(usable), compared, known, later, etags)


def closed_of(in_use: InUse, partition: str, ports: Ports) -> Closed | None:
    """Read a partition's summary on this ruler; `None` if it was never checked with it."""
    arrays = summaries.read_summary(in_use.place, partition, ports.objects)
    return unpack_closed(Packed({}, arrays)) if arrays else None


def take_in(
    model: str, in_use: InUse, history: History, ports: Ports, watches: type[Watch] = Watch
) -> None:
    """Let the reference take in what was checked since, so that a check reads few objects.

    Whoever put another reference in force meanwhile is not disturbed: the next check tries again.
    """
    if len(history.later) < _TAKEN_IN_AT:
        return
    watch = ports.records.get(watches, model)
    if watch is None or watch.reference_key != in_use.key:
        return
    taken_in = {**in_use.taken_in, **{name: history.etags[name] for name in history.later}}
    reference = in_use.reference.extended(history.later)
    kept = {name: etag for name, etag in taken_in.items() if name in reference.partitions}
    key = keep_reference(in_use.model, reference, in_use.config_hash, kept, ports)
    ports.records.commit(changed(watch.grown(key)))


def _ruler_id(reference: Reference) -> str:
    packed = pack_ruler(reference.ruler)
    arrays = b"".join(array.tobytes() for array in packed.arrays.values())
    return content_hash(repr(packed.header).encode() + arrays)
