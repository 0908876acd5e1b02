"""Each minute: look again at partitions that may be quiet by now, and at those that are late."""

from typing import Final

from core.domain.awaited import Awaited
from core.domain.job import Job
from core.domain.model_config import MOST_MODELS, InForce
from core.flows.late_partitions import late_partitions
from core.ports import Ports

_MOST_AWAITED: Final = 1000
_LATE_EACH_MINUTES: Final = 5


def wake_partitions(ports: Ports) -> list[str]:
    """Start what looks at them again, and name them, `model partition`.

    Nothing is decided here: the check looks into the store and finds out what is true. What it
    writes down ends the waking.
    """
    now = ports.now()
    awaited = ports.records.query(Awaited, "awaited", limit=_MOST_AWAITED)
    due = [(waits.model, waits.partition) for waits in awaited if waits.is_due(now)]
    late = _untold(ports) if now.minute % _LATE_EACH_MINUTES == 0 else []
    for model, partition in [*due, *late]:
        ports.jobs.start(Job.of_partition("check_partition", model, partition, now))
    for model, partition in due:
        ports.jobs.start(Job.of_partition("score", model, partition, now))
    return [f"{model} {partition}" for model, partition in [*due, *late]]


def _untold(ports: Ports) -> list[tuple[str, str]]:
    """Name for each model the oldest late partition, if people do not know all that are late."""
    in_force = ports.records.query(InForce, "models", limit=MOST_MODELS)
    return [
        (table.id, late[0])
        for table, late in late_partitions(in_force, ports)
        if tuple(late) != table.told
    ]
