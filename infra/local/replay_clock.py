"""A clock that runs like any other and can be set forward: the past, replayed."""

import threading
import time
from datetime import UTC, datetime, timedelta


class ReplayClock:
    """Starts at some moment of the past and goes on at the pace of the wall clock.

    Nobody waits on this clock: who sleeps sets it forward instead. Only forward: a record's time
    never lies before that of an earlier one.
    """

    def __init__(self, start: datetime) -> None:
        self._lock = threading.Lock()
        self._offset = start - self._wall()

    def now(self) -> datetime:
        """Say what time it is in the replay."""
        with self._lock:
            return self._wall() + self._offset

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._lock:
            self._offset += timedelta(seconds=seconds)

    def go_to(self, moment: datetime) -> None:
        """Set the clock forward; nothing happens when the moment has passed."""
        with self._lock:
            ahead = moment - (self._wall() + self._offset)
            self._offset += max(ahead, timedelta(0))

    @staticmethod
    def _wall() -> datetime:
        # Monotonic: a replay does not jump when the machine's clock is set.
        return datetime.fromtimestamp(time.monotonic(), tz=UTC)
