"""How many false alarms all judgements of a model raise together, where nothing is ever wrong.

Real partitions come in an order drawn by lot, whole weeks of days: what differs from one to the
next differs by chance, and every alarm is a false one. A champion learns from the newest of them,
serves a while and gives way to the next; each partition is checked, and each seven are compared
with its training, columns and predictions. What is predicted is a straight line through the other
columns. Run it with `python -m infra.local.alert_bench.budget`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import typer
from rich.console import Console

from core.domain.alarm_budget import NEWEST, judgements_per_false_alarm
from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from functions.arrays import Floats, Sized
from functions.data.arrow_batch import Kind, take_batch
from functions.flows.checking.history import History
from functions.flows.checking.measure import measure
from functions.flows.checking.strayed import Look
from functions.ml.checking.reference import Day, learn
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.summary import Summary
from infra.local.alert_bench.data_sets import OPEN, DataSet, read
from infra.local.bench import kinds_of
from infra.local.peer_environment import CACHE

PREDICTION: Final = "prediction"
_LEARNED: Final = 28
_SERVES: Final = 28
_NEWEST_OF_HISTORY: Final = 60


@dataclass(frozen=True)
class Realised:
    """What was judged, and what alarmed."""

    partitions: int = 0
    checks: int = 0
    """Partitions whose check alarmed."""
    comparisons: int = 0
    """Champions of which it was told that something left their training."""

    @property
    def per_alarm(self) -> float:
        """Partitions for each alarm, of whichever kind."""
        return self.partitions / max(self.checks + self.comparisons, 1)

    def __add__(self, other: "Realised") -> "Realised":
        """Put what two runs came to together."""
        return Realised(
            self.partitions + other.partitions,
            self.checks + other.checks,
            self.comparisons + other.comparisons,
        )


@dataclass(frozen=True)
class Table:
    """A data set as summaries on one ruler, with what is predicted of its rows."""

    config: ModelConfig
    ruler: Ruler
    summaries: Summary
    """Shape (partitions, ...)."""
    by_day: bool
    """Whether partitions are days, whose weeks are kept whole; else each is a week."""

    def in_an_order(self, rng: np.random.Generator) -> Summary:
        """Draw an order by lot."""
        size = 7 if self.by_day else 1
        weeks = np.arange(len(self.summaries) // size * size).reshape(-1, size)
        return self.summaries[rng.permutation(weeks).ravel().tolist()]


def table_of(data: DataSet, partitions_per_false_alarm: int) -> Table:
    """Learn a ruler from all partitions; what is predicted is the last of the numbers."""
    of_columns = kinds_of(data.partitions)
    kinds: dict[str, Kind] = {**of_columns, PREDICTION: "number"}
    said = _straight_line(data.partitions, [n for n, k in of_columns.items() if k == "number"])
    days = {
        key: Day([_taken(part.assign(**{PREDICTION: of_part}), kinds)], None)
        for key, part, of_part in zip(data.keys, data.partitions, said, strict=True)
    }
    reference = learn(days, kinds)
    return Table(
        config_of(of_columns, partitions_per_false_alarm),
        reference.ruler,
        reference.summaries,
        by_day=days_before(data.keys[1], 1) == data.keys[0],
    )


def _straight_line(parts: Sequence[pd.DataFrame], numbers: list[str]) -> list[Floats]:
    """Predict the last number from the others, by least squares over all rows."""
    rows = pd.concat(parts)[numbers].astype(float)
    filled = rows.fillna(rows.mean())
    spread = filled.std().replace(0, 1)
    scaled = ((filled - filled.mean()) / spread).to_numpy()
    line, *_ = np.linalg.lstsq(scaled[:, :-1], scaled[:, -1], rcond=None)
    ends = np.cumsum([len(part) for part in parts])[:-1]
    return np.split(scaled[:, :-1] @ line, ends)


def _taken(frame: pd.DataFrame, kinds: dict[str, Kind]) -> Sized:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return Sized(take_batch(table, kinds).batch, len(frame))


def config_of(kinds: Mapping[str, Kind], partitions_per_false_alarm: int) -> ModelConfig:
    """Write the config of a table of which nothing but its columns is known."""
    stated = {
        "model": "bench",
        "about": "A table of the bench.",
        "owner": "U0BENCH",
        "channel": "C0BENCH",
        "data": {"features": "features", "labels": "labels", "key": "row", "event_time": "at"},
        "target": {"column": "truth", "delay_days": 1},
        "columns": {name: {"type": kind} for name, kind in kinds.items()},
        "training": {"estimator": "LogisticRegression", "window_days": 28, "validation_days": 7},
        "alerts": {"partitions_per_false_alarm": partitions_per_false_alarm},
    }
    return ModelConfig.model_validate(stated)


def realised(table: Table, rng: np.random.Generator) -> Realised:
    """Let champion after champion live on the partitions in an order drawn by lot."""
    every = table.in_an_order(rng)
    names = tuple(
        days_before("2001-01-01", -i * (1 if table.by_day else 7)) for i in range(len(every))
    )
    found = Realised()
    for start in range(_LEARNED, len(every) - _SERVES + 1, _SERVES):
        served = range(start, start + _SERVES)
        broken = sum(_is_broken(table, every, names, at) for at in served)
        left = any(
            _has_left(table, every[start - _LEARNED : start], every[end - NEWEST : end])
            for end in range(start + NEWEST, start + _SERVES + 1, NEWEST)
        )
        found += Realised(_SERVES, broken, int(left))
    return found


def _is_broken(table: Table, every: Summary, names: tuple[str, ...], at: int) -> bool:
    before = slice(max(at - _NEWEST_OF_HISTORY, 0), at)
    columns = list(table.config.columns)
    ruler = table.ruler.only(columns)
    nothing = tuple(np.zeros(0, dtype=np.uint64) for _ in columns)
    history = History(names[before], every[before].only(table.ruler, columns), nothing, {}, {})
    summary = every[at].only(table.ruler, columns)
    basis, findings = measure(table.config, names[at], summary, history, ruler)
    return judge(findings, basis).is_broken


def _has_left(table: Table, learned: Summary, newest: Summary) -> bool:
    budget = judgements_per_false_alarm(table.config)
    both = (list(table.config.columns), [PREDICTION])
    found = (_look(table, learned, newest, columns).farthest(budget) for columns in both)
    return any(far is not None and far.score >= 1 for far in found)


def _look(table: Table, learned: Summary, newest: Summary, columns: list[str]) -> Look:
    return Look(
        learned=learned.only(table.ruler, columns),
        newest=newest.only(table.ruler, columns),
        ruler=table.ruler.only(columns),
        units={},
        sensitive=frozenset(),
        compared_with="the champion learned from",
    )


def main(
    *,
    budget: Annotated[int, typer.Option(help="Partitions for each false alarm.")] = 60,
    orders: Annotated[int, typer.Option(help="Drawn by lot for each data set.", min=1)] = 12,
    cache: Annotated[Path, typer.Option(help="Where data lies.")] = CACHE,
) -> None:
    """Print how many partitions there are for each alarm, beside the budget."""
    console = Console()
    for name in OPEN:
        table = table_of(read(name, cache), budget)
        found = Realised()
        for seed in range(orders):
            found += realised(table, np.random.default_rng(seed))
        console.print(
            f"{name}: stated one in {budget}, realised one in {found.per_alarm:.0f} "
            f"({found.checks} checks and {found.comparisons} comparisons alarmed in "
            f"{found.partitions:,} partitions)"
        )


if __name__ == "__main__":
    typer.run(main)
