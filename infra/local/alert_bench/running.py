"""Runs detectors: a process for each data set, as many at once as there are cores to use."""

import subprocess
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.alert_bench.worker import PLACE_DONE, Outcome
from infra.local.peer_environment import ROOT

_LOG_TAIL_CHARS = 2000


class WorkerFailed(Exception):
    """A detector's process ended before its cases did."""

    def __init__(self, job: "Job", log: str) -> None:
        super().__init__(
            f"{job.detector} did not get through {job.data_set}. It said:\n{log[-_LOG_TAIL_CHARS:]}"
        )


@dataclass(frozen=True)
class Job:
    """One detector on one data set."""

    detector: str
    """As `module:Class`."""
    data_set: str
    python: Path
    stride: int = 1
    variables: Mapping[str, str] = field(default_factory=dict)
    """Set in the process's environment."""

    def command(self, cases: Path, out: Path) -> list[str]:
        """Return the command line of the worker."""
        settings = [f"{name}={value}" for name, value in self.variables.items()]
        module = [str(self.python), "-m", "infra.local.alert_bench.worker"]
        where = [str(cases), self.data_set, self.detector, str(self.stride), str(out)]
        return ["env", *settings, *module, *where]


Step = Callable[[Job], None]


def run(job: Job, cases: Path, out: Path, step: Step) -> list[Outcome]:
    """Run one job to its end; `step` is called after each place.

    Raises:
        WorkerFailed: the process ended with an error; what it said is in the message.
    """
    out.mkdir(parents=True, exist_ok=True)
    name = f"{job.detector.replace(':', '.')}-{job.data_set}"
    lines, log = out / f"{name}.jsonl", out / f"{name}.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(  # noqa: S603 - our own worker
            job.command(cases, lines), cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            if line.strip() == PLACE_DONE:
                step(job)
    if process.returncode:
        raise WorkerFailed(job, log.read_text())
    return [Outcome.from_json(line) for line in lines.read_text().splitlines()]


def run_all(
    jobs: Iterable[Job], cases: Path, out: Path, step: Step, *, at_once: int
) -> list[Outcome]:
    """Run jobs, some at once; return all outcomes in the order of the jobs."""
    with ThreadPoolExecutor(at_once) as pool:
        waiting = [pool.submit(run, job, cases, out, step) for job in jobs]
        return [outcome for each in waiting for outcome in each.result()]
