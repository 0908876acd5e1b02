"""See to it that of several runs with the same config and rows one trains."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.domain.ids import VersionId
from core.domain.training_claim import TrainingClaim
from core.ports import Ports, changed, gone, new


@contextmanager
def training_claim(version: VersionId, run: str, ports: Ports) -> Iterator[bool]:
    """Hold the claim to a version; False when another run holds it.

    However the run ends, the claim ends with it. One whose process was killed keeps others out
    until its lease is over; the same run, tried again, goes on at once.
    """
    is_ours = _claim(version, run, ports)
    try:
        yield is_ours
    finally:
        held = ports.records.get(TrainingClaim, version) if is_ours else None
        if held is not None and held.run == run:
            ports.records.commit(gone(held))


def _claim(version: VersionId, run: str, ports: Ports) -> bool:
    now = ports.now()
    claim = TrainingClaim.of(version, run, now)
    known = ports.records.get(TrainingClaim, version)
    if known is None:
        return ports.records.commit(new(claim))
    if known.keeps_out(run, now):
        return False
    return ports.records.commit(changed(claim.model_copy(update={"revision": known.revision})))
