"""A partition scored by Watchkeeper beside the least that it could take: read, predict, write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Final, Self

import pandas as pd

from core.domain.partition import days_before
from functions.flows.score import score
from infra.local.score_bench.world import World

_FIRST: Final = "2013-03-01"


@dataclass(frozen=True)
class Taken:
    """What something took."""

    wall_s: float
    cpu_s: float

    @classmethod
    def median(cls, runs: Sequence["Taken"]) -> Self:
        """Return the median of each number."""
        return cls(median(run.wall_s for run in runs), median(run.cpu_s for run in runs))


@dataclass(frozen=True)
class BatchSpeed:
    """Medians of several partitions of one size."""

    rows: int
    bare: Taken
    ours: Taken


def measure_batch(
    world: World,
    rows: int,
    runs: int,
    say: Callable[[str], None] = lambda _: None,
    *,
    after_days: int = 0,
) -> BatchSpeed:
    """Score new partitions in turn: bare, then ours, so that both meet the same machine.

    So many days have partitions before that are scored already: `after_days`.

    Ours is all that `score` does without a challenger: read, input contract, champion loaded with
    its checks, log, record, check of the predictions.
    """
    bare, ours = list[Taken](), list[Taken]()
    for run in range(runs + 1):  # the first warms up both
        day = days_before(_FIRST, -(after_days + run))
        file = world.lands(day, rows)
        say(f"{rows:,} rows, {run} of {runs}")
        taken = _timed(partial(_bare, world, file)), _timed(partial(_ours, world, day))
        if run:
            bare.append(taken[0])
            ours.append(taken[1])
    return BatchSpeed(rows, Taken.median(bare), Taken.median(ours))


def _timed(work: Callable[[], None]) -> Taken:
    started, busy = perf_counter(), process_time()
    work()
    return Taken(perf_counter() - started, process_time() - busy)


def _bare(world: World, file: Path) -> None:
    rows = pd.read_parquet(file)
    scores = world.pipeline.predict_proba(rows[list(world.config.columns)])[:, 1]
    logged = pd.DataFrame({"flight_id": rows["flight_id"], "score": scores})
    logged.to_parquet(file.parent.parent / "bare.parquet", index=False)


def _ours(world: World, day: str) -> None:
    scoring = score(world.config.model, day, world.ports)
    if scoring.decision != "scored":
        raise ValueError(scoring.decision)
