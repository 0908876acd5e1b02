"""Objects as files below one folder; a key is the path."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from core.adapters.folder.atomic import replace_file, write_once
from core.adapters.object_key import checked_key, is_key
from core.domain.errors import NotThere, Unavailable
from core.ports import ObjectInfo


class FolderObjects:
    """The objects of one box. Whoever copies files into the folder has stored objects."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, body: bytes) -> None:
        """See Objects."""
        with _translated(key):
            replace_file(self._path(key), body)

    def put_new(self, key: str, body: bytes) -> bool:
        """See Objects."""
        with _translated(key):
            return write_once(self._path(key), body)

    def get(self, key: str) -> bytes:
        """See Objects."""
        with _translated(key):
            return self._path(key).read_bytes()

    def list(self, prefix: str, *, after: str | None = None) -> Iterator[ObjectInfo]:
        """See Objects."""
        for key in sorted(self._keys(prefix)):
            if after is not None and key <= after:
                continue
            try:
                found = self._path(key).stat()
            except FileNotFoundError:  # deleted since the folder was read
                continue
            # A rewrite gives the name to another inode, so that two of them within one tick of
            # the file system's clock differ as well.
            etag = f"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}"
            modified_at = datetime.fromtimestamp(found.st_mtime, tz=UTC)
            yield ObjectInfo(key, size_bytes=found.st_size, etag=etag, modified_at=modified_at)

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """See Objects."""
        path = self._path(key)
        if not path.is_file():
            raise NotThere(key)
        yield path

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)

    def _keys(self, prefix: str) -> Iterator[str]:
        above, _, _ = prefix.rpartition("/")
        start = self._root / checked_key(above) if above else self._root
        for folder, _, names in os.walk(start):
            for name in names:
                key = Path(folder, name).relative_to(self._root).as_posix()
                if key.startswith(prefix) and is_key(key):  # a hidden name is not complete yet
                    yield key


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Turn what the file system raises into our errors."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotThere(key) from error
    except OSError as error:
        raise Unavailable(f"The folder did not take or give {key}: {error.strerror}.") from error
