"""One SQLite file that threads and processes share; every table of a box is here."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from core.domain.errors import Unavailable

_SCHEMA: Final = (
    """
    CREATE TABLE IF NOT EXISTS records (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        listing TEXT,
        place TEXT NOT NULL,
        schema INTEGER NOT NULL,
        doc TEXT NOT NULL,
        expires_at_s INTEGER,
        PRIMARY KEY (kind, id)
    )
    """,
    """
    CREATE INDEX IF NOT EXISTS records_by_place ON records (kind, listing, place, id)
    WHERE listing IS NOT NULL
    """,
    """
    CREATE INDEX IF NOT EXISTS records_by_expiry ON records (expires_at_s)
    WHERE expires_at_s IS NOT NULL
    """,
    """
    CREATE TABLE IF NOT EXISTS jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of acceptance
        id TEXT NOT NULL,
        job_group TEXT,
        doc TEXT NOT NULL,
        not_before_s REAL NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0,
        is_claimed INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX IF NOT EXISTS jobs_by_id ON jobs (id)",
    "CREATE INDEX IF NOT EXISTS jobs_by_group ON jobs (job_group, number)",
    """
    CREATE TABLE IF NOT EXISTS dead_jobs (
        number INTEGER PRIMARY KEY,
        doc TEXT NOT NULL,
        died_at TEXT NOT NULL,
        reason TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS schedules (
        name TEXT PRIMARY KEY,
        doc TEXT NOT NULL,
        due_at_s REAL NOT NULL
    )
    """,
    "CREATE TABLE IF NOT EXISTS noticed_prefixes (prefix TEXT PRIMARY KEY)",
    """
    CREATE TABLE IF NOT EXISTS noticed_objects (
        key TEXT PRIMARY KEY,
        etag TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS workspace (  -- of the desk; empty where a real one is used
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (kind, id)
    )
    """,
)


class Database:
    """A file in WAL mode; what was committed survives the process and a loss of power."""

    def __init__(self, path: Path, *, patience_s: float = 10.0) -> None:
        """Open the file, and make its tables where they are missing.

        Args:
            path: the file; its folder exists.
            patience_s: how long to wait for another writer before giving up.
        """
        self._path = path
        path.touch(mode=0o600)  # nobody else reads it, whatever the folder allows; SQLite follows
        self._patience_s = patience_s
        self._idle: deque[sqlite3.Connection] = deque()
        with self.transaction() as connection:
            for statement in _SCHEMA:
                connection.execute(statement)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for single statements, to one thread.

        Raises:
            Unavailable: the file is locked, full, broken or out of reach.
        """
        connection = self._idle_or_new()
        try:
            yield connection
        except sqlite3.Error as error:
            raise Unavailable(f"The database did not answer: {error}.") from error
        finally:
            self._idle.append(connection)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection on which all that is done happens as a whole, or not at all.

        IMMEDIATE: nobody else writes from the first read on.

        Raises:
            Unavailable: the file is locked, full, broken or out of reach.
        """
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # not after a failed disk: SQLite undid it itself
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    def _idle_or_new(self) -> sqlite3.Connection:
        with suppress(IndexError):  # all are at work
            return self._idle.pop()
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self._path,
                timeout=self._patience_s,
                isolation_level=None,  # transactions begin and end where this module says so
                check_same_thread=False,  # a connection moves between threads, one at a time
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            raise Unavailable(f"The database {self._path.name} cannot be opened.") from error
        return connection
