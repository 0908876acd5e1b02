"""Measures whole processes: time on the wall, time on all cores, and the most memory they held."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, Self

from infra.local.peer_environment import ROOT

_LAUNCHER: Final = Path(__file__).parent / "launcher.py"
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


def measure(command: Sequence[str], cores: int) -> Usage:
    """Run a command to its end on so many cores and say what it took.

    Raises:
        ProgramFailed: it ended with an error.
    """
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    compiled = ["env", "-u", "PYTHONDONTWRITEBYTECODE"]  # who uses it imports compiled modules
    pinned = [*compiled, "taskset", "--cpu-list", ",".join(map(str, allowed)), *command]
    with TemporaryDirectory() as folder:
        took = Path(folder) / "took.json"
        bare = [sys.executable, "-I", "-S", str(_LAUNCHER), str(took), *pinned]
        finished = subprocess.run(  # noqa: S603 - programs of ours and of the catalogue
            bare, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if finished.returncode:
            raise ProgramFailed(command, finished.stdout.decode(errors="replace"))
        return Usage(**json.loads(took.read_text()))
