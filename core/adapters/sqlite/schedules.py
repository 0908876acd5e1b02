"""The schedules of one box, in an SQLite table; what is due becomes a job in one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from core.adapters.due import first_due
from core.adapters.sqlite.database import Database
from core.adapters.sqlite.jobs import accept
from core.domain.ids import fact_id
from core.domain.job import Job, Schedule

_PUT: Final = """
    INSERT INTO schedules (name, doc, due_at_s) VALUES (:name, :doc, :due_at_s)
    ON CONFLICT (name) DO UPDATE SET doc = :doc, due_at_s = :due_at_s
    WHERE doc <> :doc  -- the same again keeps what is due, also what was missed
"""
_TO_LOOK_AT: Final = """
    SELECT doc, due_at_s FROM schedules
    WHERE due_at_s <= :now OR due_at_s > :now + 60 * json_extract(doc, '$.every_minutes')
    ORDER BY due_at_s, name
"""


class SqliteSchedules:
    """Keeps for each schedule when it is due next."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def put(self, schedule: Schedule) -> None:
        """See Schedules."""
        due_at_s = first_due(schedule, self._now()).timestamp()
        document = schedule.model_dump_json()
        with self._database.transaction() as connection:
            connection.execute(_PUT, {"name": schedule.name, "doc": document, "due_at_s": due_at_s})

    def remove(self, name: str) -> None:
        """See Schedules."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM schedules WHERE name = ?", (name,))

    def names(self, prefix: str) -> list[str]:
        """See Schedules."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT name FROM schedules WHERE substr(name, 1, ?) = ? ORDER BY name",
                (len(prefix), prefix),
            ).fetchall()
        return [name for (name,) in rows]

    def start_due(self, now: datetime) -> list[Job]:
        """Accept a job for each schedule that is due; what was missed several times runs once.

        A schedule that is due later than its period allows was planned by a clock that was ahead,
        and has been put back since: it is planned again.
        """
        jobs: list[Job] = []
        with self._database.transaction() as connection:
            rows = connection.execute(_TO_LOOK_AT, {"now": now.timestamp()}).fetchall()
            for document, due_at_s in rows:
                schedule = Schedule.model_validate_json(document)
                if due_at_s <= now.timestamp():
                    jobs.append(_job(schedule, due_at_s))
                    accept(jobs[-1], connection)
                connection.execute(
                    "UPDATE schedules SET due_at_s = ? WHERE name = ?",
                    (schedule.due_after(now).timestamp(), schedule.name),
                )
        return jobs


def _job(schedule: Schedule, due_at_s: float) -> Job:
    return Job(
        function=schedule.function,
        event=schedule.event,
        id=fact_id("job", "schedule", schedule.name, str(due_at_s)),
    )
