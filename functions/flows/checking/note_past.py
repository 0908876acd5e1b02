"""Note what a partition of the past showed, for later trainings too; nobody is told."""

from core.domain.partition_check import PartitionCheck
from core.ports import Ports, changed, new


def note_past(check: PartitionCheck, ports: Ports) -> None:
    """Note what was found; what was told to people stays as it is, and what they said of it."""
    before = ports.records.get(PartitionCheck, check.id)
    if before is None and not check.verdict.is_broken:
        return
    if before is not None and before.verdict.is_broken and not before.is_of_past:
        return
    # False: a check was quicker, and knows better.
    ports.records.commit(changed(check.replacing(before)) if before else new(check))
