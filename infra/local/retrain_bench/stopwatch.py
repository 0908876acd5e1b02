"""Writes down how long the parts of a program took."""

import time


class Stopwatch:
    """Begins when it is made, and again after each part."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        """Seconds on the wall of each part, by its name."""
        self._since = time.perf_counter()

    def part(self, name: str) -> None:
        """Write down what passed since the last part."""
        now = time.perf_counter()
        self.parts[name] = now - self._since
        self._since = now
