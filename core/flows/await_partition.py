"""Keep the book of a partition's arrival: it waits for the rest, it came, or it is late."""

from core.domain.alert import Alert
from core.domain.awaited import Awaited
from core.domain.completeness import Completeness
from core.domain.errors import Busy
from core.domain.habit import is_plausible
from core.domain.model_config import ModelConfig
from core.domain.timetable import Timetable
from core.flows.look_at_arrival import look_at_arrival
from core.flows.permit import config_of
from core.flows.tell_late import came_after_all, tell_late
from core.flows.telling import wake
from core.ports import Ports, Write, changed, new

_ATTEMPTS = 5


def await_partition(model: str, partition: str, ports: Ports) -> Completeness:
    """Look whether a partition is complete and write down what that means; again is harmless.

    Raises:
        Unknown: no config was ever applied for this model.
        Busy: others kept changing the same records.
    """
    config = config_of(model, ports)
    for _ in range(_ATTEMPTS):
        # Read before the store is looked at: whatever lands after that look changes this record,
        # and then the commit is refused.
        awaited = ports.records.get(Awaited, Awaited.id_of(model, partition))
        found = look_at_arrival(config.data, partition, ports)
        alert, writes = None, _waiting(model, partition, found, awaited, ports)
        if found.complete_at is not None:
            alert, arrived = _arrived(config, partition, found, ports)
            writes += arrived
        if not writes or ports.records.commit(*writes):
            break
    else:
        raise Busy
    if alert is not None:
        wake(alert, alert.channel, ports)
    if found.complete_at is None:
        tell_late(config, partition, found, ports)
    return found


def is_awaited(model: str, partition: str, ports: Ports) -> bool:
    """Say whether a partition has begun to land and was not complete when it was looked at last."""
    awaited = ports.records.get(Awaited, Awaited.id_of(model, partition))
    return awaited is not None and awaited.missing is not None


def _waiting(
    model: str, partition: str, found: Completeness, awaited: Awaited | None, ports: Ports
) -> list[Write]:
    """Note what is missing, or that nothing is any more."""
    now = ports.now()
    if awaited is None:
        if not found.is_awaited:
            return []
        begun = Awaited(
            id=Awaited.id_of(model, partition),
            model=model,
            partition=partition,
            missing=found.missing,
            due_at=found.due_at,
            changed_at=now,
        )
        return [new(begun)]
    after = awaited.waiting(found.missing, found.due_at, now)
    return [] if after == awaited else [changed(after)]


def _arrived(
    config: ModelConfig, partition: str, found: Completeness, ports: Ports
) -> tuple[Alert | None, list[Write]]:
    """Note when it came, the first time, and let the alert that missed it say so."""
    assert found.complete_at is not None  # noqa: S101 - the caller looked
    if not is_plausible(partition, found.complete_at):
        return None, []
    before = ports.records.get(Timetable, config.model)
    if before is None:
        start = Timetable.starting(config.model, {partition: found.complete_at})
        return None, [new(start)]
    if partition in before.came:
        return None, []
    alert, writes = came_after_all(config.model, partition, found, ports) or (None, [])
    after = before.arrived(partition, found.complete_at)
    return alert, writes if after == before else [changed(after), *writes]
