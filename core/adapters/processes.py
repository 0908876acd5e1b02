"""Work on many things in the processes of one machine."""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread

from core.domain.errors import Unavailable
from core.domain.job import Job
from core.ports import V


class OneProcess:
    """Does one thing after the other, here."""

    def out(self, work: Callable[[V], None], things: Sequence[V], again: Job) -> bool:  # noqa: ARG002 - nobody has to ask again
        """See Fan."""
        for thing in things:
            work(thing)
        return True


class Processes:
    """Does as many things at a time as it has processes; each imports what the work needs."""

    def __init__(self, most: int) -> None:
        self._most = most

    def out(self, work: Callable[[V], None], things: Sequence[V], again: Job) -> bool:  # noqa: ARG002 - nobody has to ask again
        """See Fan."""
        pool = ProcessPoolExecutor(
            min(self._most, len(things)),
            mp_context=get_context("spawn"),  # a fork of a process with threads may hang
            initializer=_begin,
        )
        try:
            for _ in pool.map(work, things):
                pass  # what it returns is nothing, but what it raises is raised here
        except BrokenProcessPool as error:
            raise Unavailable("A process ended before its work was done.") from error
        finally:
            pool.shutdown(cancel_futures=True)
        return True


def _begin() -> None:
    """Be one of many: with one thread, deaf to Ctrl-C, and gone when the parent is."""
    # Read when the work is imported. Libraries with a thread for each core, in a process for each
    # core, wait for each other: twice the CPU.
    os.environ["OMP_NUM_THREADS"] = "1"  # noqa: TID251 - not a setting of ours
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
