"""What a model's partitions are compared with: a reference, and what was checked since."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.ports import Ports
from functions.arrays import Hashes
from functions.data import summaries
from functions.flows.trust import trusted
from functions.ml.packing import Closed, Packed, pack_closed, unpack_closed, unpack_reference
from functions.ml.reference import Reference
from functions.ml.summary import Summary

MOST = 200
"""Partitions of history: what is older says little about today."""


@dataclass(frozen=True)
class History:
    """Trusted partitions, oldest first, on one ruler."""

    partitions: tuple[str, ...]
    summaries: Summary
    """Shape (partitions, ...)."""
    known: tuple[Hashes, ...]
    """For each column, the words they had and the ruler does not know."""


@dataclass(frozen=True)
class InUse:
    """The reference that a model's checks use, and under which key it is kept."""

    key: str
    reference: Reference


def reference_in_use(key: str | None, ports: Ports) -> InUse | None:
    """Read a reference; `None` before there is one."""
    stored = summaries.read_reference(key, ports.objects) if key else None
    return InUse(key, unpack_reference(Packed(*stored))) if key and stored else None


def keep(model: str, partition: str, closed: Closed, reference_key: str, ports: Ports) -> None:
    """Keep what a partition looks like for those that come after it."""
    packed = pack_closed(closed)
    header = {**packed.header, "reference": reference_key}
    summaries.keep_summary(model, partition, header, packed.arrays, ports.objects)


def history_before(model: str, partition: str, in_use: InUse, ports: Ports) -> History:
    """Collect what came before a partition: the reference's window, and what was checked since.

    A partition that is older than all of it is compared with what came after.
    """
    reference = in_use.reference
    learned = dict(zip(reference.partitions, range(len(reference.partitions)), strict=True))
    names = sorted({*learned, *summaries.summarised(model, ports.objects)} - {partition})
    before = ([name for name in names if name < partition] or names)[-MOST:]
    later = {
        name: found
        for name in before
        if name not in learned and (found := _read(model, name, in_use.key, ports)) is not None
    }
    chosen = trusted(model, [name for name in before if name in learned or name in later], ports)
    every = [
        reference.summaries[learned[name]] if name in learned else later[name].summary
        for name in chosen
    ]
    since = [later[name] for name in chosen if name in later]
    known = _known(since, len(reference.ruler.columns))
    return History(tuple(chosen), Summary.stack(every), known)


def _read(model: str, partition: str, reference_key: str, ports: Ports) -> Closed | None:
    """Read a partition's summary; `None` where it was measured with another ruler."""
    stored = summaries.read_summary(model, partition, ports.objects)
    if stored is None or stored[0]["reference"] != reference_key:
        return None
    return unpack_closed(Packed(*stored))


def _known(since: Sequence[Closed], columns: int) -> tuple[Hashes, ...]:
    nothing = np.zeros(0, dtype=np.uint64)
    return tuple(
        np.unique(np.concatenate([nothing, *(closed.unknown[i] for closed in since)]))
        for i in range(columns)
    )
