"""Measures whole processes: time on the wall, time on all cores, and the most memory they held.

Whoever measures must be small and stay so: on Linux a process's peak is never less than that of
the one that started it. That is why nothing here, nor what calls it, imports arrays.
"""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import Final, Self

from infra.local.peer_environment import ROOT

_KIB_PER_MIB: Final = 1024
_LOG_TAIL_CHARS: Final = 2000


class ProgramFailed(Exception):
    """What was to be measured ended with an error."""

    def __init__(self, command: Sequence[str], log: str) -> None:
        super().__init__(f"`{' '.join(command)}` failed. It said:\n{log[-_LOG_TAIL_CHARS:]}")


@dataclass(frozen=True)
class Usage:
    """What a process took."""

    wall_s: float
    cpu_s: float
    peak_mib: float

    @classmethod
    def median(cls, runs: Sequence["Usage"]) -> Self:
        """Return the median of each number."""
        return cls(
            median(run.wall_s for run in runs),
            median(run.cpu_s for run in runs),
            median(run.peak_mib for run in runs),
        )

    def over(self, floor: "Usage") -> "Usage":
        """Return how many times the floor each number is."""
        return Usage(
            self.wall_s / floor.wall_s,
            self.cpu_s / floor.cpu_s,
            self.peak_mib / floor.peak_mib,
        )


def measure(command: Sequence[str], cores: int, folder: Path = ROOT) -> Usage:
    """Run a command to its end on so many cores and say what it took.

    Raises:
        ProgramFailed: it ended with an error.
    """
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    pinned = ["taskset", "--cpu-list", ",".join(map(str, allowed)), *command]
    with TemporaryFile() as log:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - programs of ours and of the catalogue
            pinned, cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            raise ProgramFailed(command, log.read().decode(errors="replace"))
    return Usage(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / _KIB_PER_MIB)
