"""Learn from history when partitions came: before the first event tells of one."""

from collections.abc import Iterable

from core.domain.errors import Busy
from core.domain.habit import is_plausible
from core.domain.model_config import ModelConfig
from core.domain.timetable import Timetable
from core.flows.look_at_arrival import look_at_arrival
from core.ports import Ports, changed, new

_ATTEMPTS = 5


def learn_arrivals(config: ModelConfig, trusted: Iterable[str], ports: Ports) -> None:
    """Take in when trusted partitions were complete that no event told of.

    Raises:
        Busy: others kept changing the same timetable.
    """
    names = sorted(trusted)[-Timetable.MOST :]
    came = {}
    table = ports.records.get(Timetable, config.model)
    for name in names:
        if table is None or name not in table.came:
            at = look_at_arrival(config.data, name, ports).complete_at
            if at is not None and is_plausible(name, at):
                came[name] = at
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Timetable, config.model)
        if before is None:
            done = not came or ports.records.commit(new(Timetable.starting(config.model, came)))
        else:
            after = before.with_more(came)
            done = after == before or ports.records.commit(changed(after))
        if done:
            return
    raise Busy
