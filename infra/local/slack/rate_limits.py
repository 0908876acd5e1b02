"""How often a method may be called, on the injected clock."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime
from math import ceil

_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
_POSTS_PER_MINUTE = 300  # "several hundred a minute" for the whole workspace
_POST = "chat.postMessage"
_SECONDS_BETWEEN_POSTS = 1.0  # in one channel

# apps.connections.open is tier 1 ("1+"), but a client that reconnects is let in: it has no row.
_TIERS = {
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "pins.list": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}


class RateLimited(Exception):
    """Too soon; `retry_after_s` is whole seconds, at least one."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"come back in {retry_after_s} s")
        self.retry_after_s = max(1, ceil(retry_after_s))


class RateLimits:
    """Counts calls in the last minute per method, and the last post per channel."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._last_post: dict[str, float] = {}

    def admit(self, method: str, channel: str) -> None:
        """Count a call.

        Raises:
            RateLimited: there were too many; this one is not counted.
        """
        at = self._now().timestamp()
        if method == _POST:
            since = at - self._last_post.get(channel, float("-inf"))
            if since < _SECONDS_BETWEEN_POSTS:
                raise RateLimited(_SECONDS_BETWEEN_POSTS - since)
            self._admit(method, _POSTS_PER_MINUTE, at)
            self._last_post[channel] = at
        elif method in _TIERS:
            self._admit(method, _PER_MINUTE[_TIERS[method]], at)

    def _admit(self, method: str, per_minute: int, at: float) -> None:
        calls = self._calls[method]
        while calls and at - calls[0] >= 60:  # noqa: PLR2004 - a minute
            calls.popleft()
        if len(calls) >= per_minute:
            raise RateLimited(60 - (at - calls[0]))
        calls.append(at)
