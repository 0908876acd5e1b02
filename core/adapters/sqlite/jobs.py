"""The queue of one box: jobs in an SQLite table, claimed by the one process that runs them."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.adapters.sqlite.database import Database
from core.domain.job import Job

_PAUSES_S: Final = (60, 120)  # as Lambda does with an asynchronous call: two more tries
_MOST_TRIES: Final = 1 + len(_PAUSES_S)

_ACCEPT: Final = """
    INSERT INTO jobs (id, job_group, doc)
    SELECT :id, :job_group, :doc
    WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = :id AND NOT is_claimed)
"""
_NEXT: Final = """
    SELECT number, doc, tries FROM jobs AS candidate
    WHERE NOT is_claimed
    AND (not_before_s <= :now OR not_before_s > :now + :longest_pause)  -- the clock was put back
    AND NOT EXISTS (  -- one after the other: the first of a group holds up the rest
        SELECT 1 FROM jobs WHERE job_group = candidate.job_group AND number < candidate.number
    )
    ORDER BY number LIMIT 1
"""


@dataclass(frozen=True)
class ClaimedJob:
    """A job that this process runs now; its number is its place in the order of acceptance."""

    number: int
    job: Job
    tries: int
    """How often it was begun, this time included."""


@dataclass(frozen=True)
class DeadJob:
    """A job that failed for good, and the sentence that says why."""

    number: int
    job: Job
    died_at: datetime
    reason: str


class SqliteJobs:
    """Accepts jobs from any process; one process, the box, claims and runs them.

    A claim lasts as long as the box lives: it holds a lock that dies with it, and `take_over`
    when it starts. A claim that ended by the clock would run a slow training twice.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, job: Job) -> None:
        """See Jobs."""
        with self._database.transaction() as connection:
            accept(job, connection)

    def claim(self, now: datetime) -> ClaimedJob | None:
        """Claim the first job that may run now; `None` when there is none."""
        with self._database.transaction() as connection:
            when = {"now": now.timestamp(), "longest_pause": max(_PAUSES_S)}
            row = connection.execute(_NEXT, when).fetchone()
            if row is None:
                return None
            number, document, tries = row
            connection.execute(
                "UPDATE jobs SET is_claimed = 1, tries = tries + 1 WHERE number = ?", (number,)
            )
        return ClaimedJob(number, Job.model_validate_json(document), tries + 1)

    def done(self, claimed: ClaimedJob) -> None:
        """Forget a job that has run."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM jobs WHERE number = ?", (claimed.number,))

    def failed(self, claimed: ClaimedJob, reason: str, now: datetime) -> bool:
        """Let a job wait for its next try; after the last one it is dead, and False says so."""
        with self._database.transaction() as connection:
            if claimed.tries >= _MOST_TRIES:
                _bury(claimed.number, reason, now, connection)
                return False
            again_at_s = now.timestamp() + _PAUSES_S[claimed.tries - 1]
            connection.execute(
                "UPDATE jobs SET is_claimed = 0, not_before_s = ? WHERE number = ?",
                (again_at_s, claimed.number),
            )
        return True

    def take_over(self, now: datetime) -> None:
        """Let the jobs wait again that a box which died was running.

        Only the box calls this, when it starts and has its lock. A job under which the box died
        again and again is dead: it would take the box with it for ever.
        """
        with self._database.transaction() as connection:
            fatal = connection.execute(
                "SELECT number FROM jobs WHERE is_claimed AND tries >= ?", (_MOST_TRIES,)
            ).fetchall()
            for (number,) in fatal:
                _bury(number, f"The box stopped {_MOST_TRIES} times while it ran.", now, connection)
            connection.execute("UPDATE jobs SET is_claimed = 0 WHERE is_claimed")

    def waiting(self) -> list[Job]:
        """List the accepted jobs that have not run to their end, in the order of acceptance."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT doc FROM jobs ORDER BY number").fetchall()
        return [Job.model_validate_json(document) for (document,) in rows]

    def dead(self) -> list[DeadJob]:
        """List the jobs that failed for good, in the order of acceptance."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT number, doc, died_at, reason FROM dead_jobs ORDER BY number"
            ).fetchall()
        return [
            DeadJob(number, Job.model_validate_json(doc), datetime.fromisoformat(died_at), reason)
            for number, doc, died_at, reason in rows
        ]


def accept(job: Job, connection: sqlite3.Connection) -> None:
    """Store a job as part of a transaction, unless the same one waits already."""
    document = job.model_dump_json()
    connection.execute(_ACCEPT, {"id": job.id, "job_group": job.group, "doc": document})


def _bury(number: int, reason: str, now: datetime, connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO dead_jobs SELECT number, doc, ?, ? FROM jobs WHERE number = ?",
        (now.isoformat(), reason, number),
    )
    connection.execute("DELETE FROM jobs WHERE number = ?", (number,))
