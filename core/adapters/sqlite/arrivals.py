"""What starts the work of objects that land on one box."""

from collections.abc import Iterable

from core.adapters.sqlite.database import Database
from core.adapters.sqlite.noticed_objects import NoticedObjects
from core.ports import Objects


class SqliteArrivals:
    """Remembers what lies in a place at the moment when it begins to be watched."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._noticed = NoticedObjects(database)
        self._objects = objects

    def watch(self, prefixes: Iterable[str]) -> None:
        """See Arrivals."""
        for prefix in prefixes:
            if not self._noticed.is_watched(prefix):
                self._noticed.watch(prefix, self._objects.list(f"{prefix}/"))
