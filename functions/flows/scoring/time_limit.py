"""Work that may take so long and no longer; what takes longer is left behind."""

from collections.abc import Callable
from threading import Thread
from time import perf_counter
from typing import Final, TypeVar

from core.domain.errors import BadData

T = TypeVar("T")


class TooSlow(BadData):
    """Something took longer than it may."""

    def __init__(self, who: str, limit_s: float) -> None:
        super().__init__(f"{who} took longer than {limit_s:g} s.")
        self.limit_s = limit_s


_LEFT_BEHIND: Final[dict[str, Thread]] = {}


def within(limit_s: float, who: str, work: Callable[[], T]) -> T:
    """Do the work in a thread and wait no longer than the limit, by the machine's own clock.

    A thread cannot be ended, so one that takes longer is left behind: it goes on beside what comes
    next, what it returns is thrown away, and it ends with the process. While it runs, whoever asks
    for the same again is not kept waiting: at most one thread hangs for each name. A process of
    its own could be ended, but a copy of one with Arrow's threads may hang at once, and a new one
    costs seconds where functions are small.

    Args:
        limit_s: how long it may take.
        who: does it, as a sentence names it: `Version 3fa2`.
        work: what is done; it must not write anything.

    Raises:
        TooSlow: it took longer.
        Exception: whatever `work` raises.
    """
    behind = _LEFT_BEHIND.get(who)
    if limit_s <= 0 or (behind is not None and behind.is_alive()):
        raise TooSlow(who, limit_s)
    returned: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            returned.append(work())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised below
            raised.append(error)

    started = perf_counter()
    worker = Thread(target=run, name=who, daemon=True)
    worker.start()
    worker.join(limit_s)
    if worker.is_alive() or perf_counter() - started > limit_s:
        _LEFT_BEHIND[who] = worker
        raise TooSlow(who, limit_s)
    if raised:
        raise raised[0]
    return returned[0]
