"""Bars that say how far each data set is."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.local.alert_bench.running import Job


class Bars:
    """One bar for each data set, gone when all are done."""

    def __init__(self, console: Console, title: str, lengths: Mapping[str, int]) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._tasks = {
            name: self._progress.add_task(f"{title} on {name}", total=length)
            for name, length in lengths.items()
        }

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def step(self, job: Job) -> None:
        """Move a job's bar by one place."""
        self._progress.advance(self._tasks[job.data_set])
