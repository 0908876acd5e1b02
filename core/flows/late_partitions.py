"""Which partitions should be there by now, of all models in one listing."""

from collections.abc import Iterable

from core.domain.model_config import MOST_MODELS, InForce
from core.domain.timetable import Timetable
from core.ports import Ports


def late_partitions(in_force: Iterable[InForce], ports: Ports) -> list[tuple[Timetable, list[str]]]:
    """Name what is late, oldest first, beside the timetable of each model that lacks something."""
    within = {pointer.id: pointer.config.alerts.arrives_within_hours for pointer in in_force}
    tables = ports.records.query(Timetable, "timetables", limit=MOST_MODELS)
    now = ports.now()
    late = [(table, table.late(now, within[table.id])) for table in tables if table.id in within]
    return [(table, partitions) for table, partitions in late if partitions]
