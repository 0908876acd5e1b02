"""Which objects the box has seen, so that a restart starts no work again and forgets none."""

from collections.abc import Iterable

from core.adapters.sqlite.database import Database
from core.adapters.sqlite.jobs import accept
from core.domain.job import Job
from core.ports import ObjectInfo


class NoticedObjects:
    """Remembers each key with the etag that was seen last."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_watched(self, prefix: str) -> bool:
        """Say whether what lands in this place starts its work."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT 1 FROM noticed_prefixes WHERE prefix = ?", (prefix,)
            ).fetchone()
        return row is not None

    def watch(self, prefix: str, history: Iterable[ObjectInfo]) -> None:
        """Remember this place, and what lies there already, both or neither."""
        seen = [(found.key, found.etag) for found in history]
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO noticed_prefixes VALUES (?)", (prefix,))
            connection.executemany(
                "INSERT OR IGNORE INTO noticed_objects (key, etag) VALUES (?, ?)", seen
            )

    def is_new(self, found: ObjectInfo) -> bool:
        """Say whether the object is new, or was rewritten."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT etag FROM noticed_objects WHERE key = ?", (found.key,)
            ).fetchone()
        return row is None or row[0] != found.etag

    def notice(self, found: ObjectInfo, jobs: list[Job]) -> None:
        """Remember the object and accept the jobs that it starts, both or neither."""
        with self._database.transaction() as connection:
            for job in jobs:
                accept(job, connection)
            connection.execute(
                "INSERT OR REPLACE INTO noticed_objects (key, etag) VALUES (?, ?)",
                (found.key, found.etag),
            )
