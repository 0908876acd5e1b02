"""A lock that dies with its process: who holds it is the one that runs the jobs of a folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.domain.errors import OpsError


class AlreadyRunning(OpsError):
    """Another process runs the jobs of this folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Another process already runs the jobs of {folder}; end that one first.")


@contextmanager
def runner_lock(path: Path) -> Iterator[None]:
    """Hold the lock; the kernel takes it back from a process that is killed.

    Raises:
        AlreadyRunning: another process holds it.
    """
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(path.parent) from error
        yield
