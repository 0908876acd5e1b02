"""Profiles of objects of large partitions that can no longer grow: one box forgets them."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

KEPT_DAYS: Final = 14  # on AWS: infra/aws/storage.yml
_LOOK_EACH: Final = timedelta(hours=1)


class OldProfiles:
    """Removes what nobody wrote for two weeks; who still asks for it reads the object again."""

    def __init__(self, objects_folder: Path) -> None:
        self._folder = objects_folder / "profiles"
        self._looked_at: datetime | None = None

    def forget(self, now: datetime) -> None:
        """Remove them, if that was not done a moment ago."""
        if self._looked_at is not None and now - self._looked_at < _LOOK_EACH:
            return
        self._looked_at = now
        too_old_s = (now - timedelta(days=KEPT_DAYS)).timestamp()
        for file in self._folder.rglob("*.npz"):
            if file.stat().st_mtime < too_old_s:
                file.unlink()
