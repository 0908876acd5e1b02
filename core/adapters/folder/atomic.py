"""Files that are there as a whole or not at all, also after a loss of power."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace_file(path: Path, body: bytes) -> None:
    """Write a file, in place of what was there."""
    with _written_beside(path, body) as complete:
        complete.replace(path)
    _keep_name(path)


def write_once(path: Path, body: bytes) -> bool:
    """Write a file that is not there yet; of many writers one gets True."""
    with _written_beside(path, body) as complete:
        try:
            os.link(complete, path)  # unlike a rename, a link never replaces what is there
            is_first = True
        except FileExistsError:
            is_first = False
    _keep_name(path)  # also when another was first: nobody hears of a file that may yet vanish
    return is_first


@contextmanager
def _written_beside(path: Path, body: bytes) -> Iterator[Path]:
    """Lend a complete, synced file with a hidden name, readable by its owner only."""
    _make_folder(path.parent)
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
        _keep_name(parent)


def _keep_name(path: Path) -> None:
    """Sync the folder that the name stands in."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
