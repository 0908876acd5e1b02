from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.adapters.folder.objects import FolderObjects


class CountingObjects(FolderObjects):
    """A folder that remembers which objects were read as files."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read: list[str] = []

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """See Objects."""
        self.read.append(key.rpartition("/")[2])
        with super().local_copy(key) as path:
            yield path
