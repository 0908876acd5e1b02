"""Who waits for news of the local Slack, and how they are told."""

from threading import Condition


class Changes:
    """A number that grows with each change; threads wait for it to grow."""

    def __init__(self) -> None:
        self._grown = Condition()
        self._number = 0
        self._is_over = False

    @property
    def number(self) -> int:
        """Count the changes so far."""
        return self._number

    def announce(self) -> None:
        """Wake everybody who waits."""
        with self._grown:
            self._number += 1
            self._grown.notify_all()

    def finish(self) -> None:
        """Send everybody home."""
        with self._grown:
            self._is_over = True
            self._grown.notify_all()

    @property
    def is_over(self) -> bool:
        """Say whether there will be no more news."""
        return self._is_over

    def wait_beyond(self, seen: int, timeout_s: float) -> int:
        """Wait for a change after the one seen; gives `seen` back when there was none in time."""
        with self._grown:
            self._grown.wait_for(lambda: self._number > seen or self._is_over, timeout_s)
            return self._number
