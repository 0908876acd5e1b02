"""Records in an SQLite table: keys and conditions as columns, the record as one JSON document."""

import sqlite3
from typing import Final, TypeVar

from core.adapters.document import Stored, check_commit, read_document, schema_of, stored_form
from core.adapters.sqlite.database import Database
from core.domain.base import Record
from core.ports import Action, Condition, Write

R = TypeVar("R", bound=Record)

_GET: Final = "SELECT id, revision, schema, doc FROM records WHERE kind = ? AND id = ?"
_REVISION: Final = "SELECT revision FROM records WHERE kind = ? AND id = ?"
_FORWARDS: Final = """
    SELECT id, revision, schema, doc FROM records
    WHERE kind = :kind AND listing = :listing AND (:after IS NULL OR place > :after)
    ORDER BY place, id LIMIT :limit
"""
_BACKWARDS: Final = """
    SELECT id, revision, schema, doc FROM records
    WHERE kind = :kind AND listing = :listing AND (:after IS NULL OR place < :after)
    ORDER BY place DESC, id DESC LIMIT :limit
"""
_PUT: Final = """
    INSERT OR REPLACE INTO records (kind, id, revision, listing, place, schema, doc, expires_at_s)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_DELETE: Final = "DELETE FROM records WHERE kind = ? AND id = ?"


class SqliteRecords:
    """The records of one box."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, kind: type[R], record_id: str) -> R | None:
        """See Records."""
        with self._database.reading() as connection:
            row = connection.execute(_GET, (kind.kind, record_id)).fetchone()
        return read_document(kind, Stored(*row)) if row else None

    def query(
        self,
        kind: type[R],
        listing: str,
        *,
        after: str | None = None,
        newest_first: bool = False,
        limit: int = 100,
    ) -> list[R]:
        """See Records."""
        asked = {"kind": kind.kind, "listing": listing, "after": after, "limit": limit}
        with self._database.reading() as connection:
            rows = connection.execute(_BACKWARDS if newest_first else _FORWARDS, asked).fetchall()
        return [read_document(kind, Stored(*row)) for row in rows]

    def commit(self, *writes: Write) -> bool:
        """See Records."""
        check_commit(writes)
        with self._database.transaction() as connection:
            if not all(_may(write, connection) for write in writes):
                return False
            for write in writes:
                _do(write, connection)
        return True

    def forget_expired(self, now_s: float) -> int:
        """Delete what may be forgotten by this Unix time, and say how many records that were."""
        with self._database.transaction() as connection:
            return connection.execute(
                "DELETE FROM records WHERE expires_at_s <= ?", (now_s,)
            ).rowcount


def _may(write: Write, connection: sqlite3.Connection) -> bool:
    row = connection.execute(_REVISION, (write.record.kind, write.record.id)).fetchone()
    match write.condition:
        case Condition.ABSENT:  # nobody stored this fact before
            return row is None
        case Condition.SAME_REVISION:  # it is there, and nobody changed it since it was read
            return row is not None and row[0] == write.record.revision


def _do(write: Write, connection: sqlite3.Connection) -> None:
    record = stored_form(write.record)
    match write.action:
        case Action.PUT:
            connection.execute(
                _PUT,
                (
                    record.kind,
                    record.id,
                    record.revision,
                    record.listing,
                    record.place,
                    schema_of(type(record)),
                    record.model_dump_json(),
                    record.expires_at_s,
                ),
            )
        case Action.DELETE:
            connection.execute(_DELETE, (record.kind, record.id))
