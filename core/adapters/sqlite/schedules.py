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
        """Accept a job for each schedule that is due; what was missed several times runs once."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT doc, due_at_s FROM schedules WHERE due_at_s <= ? ORDER BY due_at_s, name",
                (now.timestamp(),),
            ).fetchall()
            due = [(Schedule.model_validate_json(doc), due_at_s) for doc, due_at_s in rows]
            jobs = [_job(schedule, due_at_s) for schedule, due_at_s in due]
            for job in jobs:
                accept(job, connection)
            for schedule, _ in due:
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
