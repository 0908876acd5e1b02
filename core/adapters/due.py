"""When a schedule that is stored now runs first, whoever keeps it."""

from datetime import datetime

from core.domain.job import Schedule


def first_due(schedule: Schedule, now: datetime) -> datetime:
    """Say when a schedule that is stored now runs first: on its own grid, never in the past.

        first_at          now
    ----|-------|-------|--.----|---->   the next stroke

    """
    return schedule.first_at if schedule.first_at >= now else schedule.due_after(now)
