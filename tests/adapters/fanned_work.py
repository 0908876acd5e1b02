"""Work that other processes can import: it leaves a file for each thing that was done."""

import os
import signal
from pathlib import Path

from core.adapters.processes import Processes
from core.domain.base import Value
from core.domain.job import Job

MOUTH = "mouth"
AGAIN = Job.check_partition("flights", "2013-02-08", "a test")


class Thing(Value):
    """What is worked on."""

    folder: str
    name: str


def done(thing: Thing) -> None:
    """Leave a file that says which process did it."""
    Path(thing.folder, thing.name).write_text(str(os.getpid()))


def threads(thing: Thing) -> None:
    """Leave a file that says how many threads a library would take."""
    import pyarrow as pa  # noqa: PLC0415 - as work does that is imported by its process

    Path(thing.folder, thing.name).write_text(str(pa.cpu_count()))


def refused(thing: Thing) -> None:
    """Fail at one thing."""
    if thing.name == "3":
        raise ValueError(thing.name)
    done(thing)


def killed(thing: Thing) -> None:
    """Die at one thing."""
    if thing.name == "3":
        os.kill(os.getpid(), signal.SIGKILL)


def endless(thing: Thing) -> None:
    """Say that it began, and never end; when the process does, nobody holds the mouth."""
    with Path(thing.folder, MOUTH).open("w") as mouth:
        mouth.write(thing.name)
        mouth.flush()
        signal.pause()


def fan_out_without_end(folder: str) -> None:
    """Work in two processes until somebody kills this one."""
    Processes(2).out(endless, [Thing(folder=folder, name=name) for name in "ab"], AGAIN)
