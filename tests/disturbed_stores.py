"""Stores of one box that count, fail or kill, or that somebody else is quicker to change."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.adapters.folder.objects import FolderObjects
from core.domain.errors import Unavailable
from core.ports import Ports, R, Records, Write


@dataclass(frozen=True)
class DisturbedRecords:
    """A record store where something happens just before each commit."""

    stored: Records
    before: Callable[[tuple[Write, ...]], object]

    def get(self, kind: type[R], record_id: str) -> R | None:
        return self.stored.get(kind, record_id)

    def query(self, kind: type[R], listing: str, **how: Any) -> list[R]:
        return self.stored.query(kind, listing, **how)

    def commit(self, *writes: Write) -> bool:
        self.before(writes)
        return self.stored.commit(*writes)


def overtaken(ports: Ports, meanwhile: Callable[[], object], times: int = 1) -> Ports:
    """Lend ports to a run before whose first commits another one is quicker."""
    left = iter(range(times))

    def overtake(_: tuple[Write, ...]) -> None:
        if next(left, None) is not None:
            meanwhile()

    return replace(ports, records=DisturbedRecords(ports.records, overtake))


class CountingObjects(FolderObjects):
    """A folder that remembers what was read: keys as bytes, names of files as local copies."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.got: list[str] = []
        self.read: list[str] = []

    def get(self, key: str) -> bytes:
        """See Objects."""
        self.got.append(key)
        return super().get(key)

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """See Objects."""
        self.read.append(key.rpartition("/")[2])
        with super().local_copy(key) as path:
            yield path


class OutOfReach(FolderObjects):
    """An object store that does not answer for one key."""

    def __init__(self, root: Path, key: str) -> None:
        super().__init__(root)
        self._key = key

    def get(self, key: str) -> bytes:
        """See Objects."""
        if key == self._key:
            raise Unavailable("The store did not answer.")
        return super().get(key)


class Deadly(FolderObjects):
    """An object store that is the death of whoever writes to one place."""

    def __init__(self, root: Path, prefix: str) -> None:
        super().__init__(root)
        self._prefix = prefix

    def put_new(self, key: str, body: bytes) -> bool:
        """See Objects."""
        if key.startswith(self._prefix):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().put_new(key, body)
