"""The desk's workspace in the database of a box: a restart finds what people had seen."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import TypeAdapter

from core.adapters.sqlite.database import Database
from infra.local.slack.archive import Kept
from infra.local.slack.records import Channel, File, Message, User

_FORMS: Final[dict[str, TypeAdapter[Any]]] = {
    kind.__name__: TypeAdapter(kind) for kind in (User, Channel, File, Message)
}


class SqliteArchive:
    """See Archive; each thing is a row with its latest drawing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def everything(self) -> Iterable[Kept]:
        """See Archive."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT kind, doc FROM workspace").fetchall()
        return [_FORMS[kind].validate_json(doc) for kind, doc in rows]

    def keep(self, *things: Kept) -> None:
        """See Archive."""
        rows = [(*_key(thing), _FORMS[type(thing).__name__].dump_json(thing)) for thing in things]
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO workspace VALUES (?, ?, ?) "
                "ON CONFLICT (kind, id) DO UPDATE SET doc = excluded.doc",
                rows,
            )

    def forget(self, *things: Kept) -> None:
        """See Archive."""
        keys = [_key(thing) for thing in things]
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM workspace WHERE kind = ? AND id = ?", keys)


def _key(thing: Kept) -> tuple[str, str]:
    name = f"{thing.channel}/{thing.ts}" if isinstance(thing, Message) else thing.id
    return type(thing).__name__, name
