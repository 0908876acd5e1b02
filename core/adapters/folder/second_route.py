"""How people are reached while Slack is not, on one box: a file that something else watches."""

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from core.domain.errors import Unavailable


class FileSecondRoute:
    """Appends to a file, one JSON object a line."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now

    def tell(self, headline: str, text: str) -> None:
        """See SecondRoute."""
        told = {"at": self._now().isoformat(), "headline": headline, "text": text}
        line = json.dumps(told, ensure_ascii=False) + "\n"
        try:
            self._path.touch(mode=0o600)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Unavailable(f"The second route failed: {error.strerror}.") from error
