"""What spoiled partitions cost that a first window holds: errors that are missed later on.

Of a window of thirty partitions some are spoiled, each by a kind of the bench. Then errors of the
same kinds in the same columns come again, and each is checked three times: by what was learned from
all of the window, by what is learned without what is plainly spoiled, and by what the window would
have taught unspoiled. Run it with `python -m infra.local.alert_bench.spoiled_windows`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import typer
from rich.console import Console
from rich.table import Table

from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from functions.arrays import Sized
from functions.data.arrow_batch import Kind, take_batch
from functions.flows.checking.history import History
from functions.flows.checking.leave_out import learn_without_spoiled
from functions.flows.checking.measure import measure
from functions.ml.checking.contract import Held, learn_promises
from functions.ml.checking.looks import Looks
from functions.ml.checking.reference import Closed, Day, Reference, closed, learn_from
from infra.local.alert_bench.budget import config_of
from infra.local.alert_bench.corruptions.kinds import GROUPS, KINDS, kinds_of
from infra.local.alert_bench.corruptions.situation import CannotApply, Corrupted, Situation
from infra.local.alert_bench.data_sets import OPEN, DataSet, read
from infra.local.bench import kinds_of as kinds_of_columns
from infra.local.peer_environment import CACHE

LEARNED: Final = 30
AGAIN: Final = 6
"""Partitions behind the window in which errors come again."""
COUNTS: Final = (1, 2, 4)
_ATTEMPTS: Final = 60
_UNUSABLE: Final = "to_string"  # such a partition is not learned from anyway
_BUDGET: Final = 100


@dataclass(frozen=True)
class Again(Situation):
    """A partition that is to be spoiled in the columns of an earlier one."""

    first: tuple[str, ...] = ()

    def shuffled(self, names: Iterable[str]) -> list[str]:
        """Put these columns first, and the others in random order behind them."""
        return sorted(super().shuffled(names), key=lambda name: name not in self.first)


@dataclass(frozen=True)
class Spoilt:
    """What was done to a partition."""

    at: int
    kind: str
    corrupted: Corrupted


@dataclass(frozen=True)
class Counted:
    """What came of one window, or of several."""

    good: int = 0
    wrongly: int = 0
    """Good partitions that were left out."""
    spoiled: int = 0
    left_out: int = 0
    """Of the spoiled ones."""
    again: int = 0
    """Errors that came again."""
    found: tuple[int, int, int] = (0, 0, 0)
    """How many of these, by what was learned from all, robustly, and unspoiled."""

    def __add__(self, other: "Counted") -> "Counted":
        """Put the counts of other windows to these."""
        one, two, three = (a + b for a, b in zip(self.found, other.found, strict=True))
        return Counted(
            self.good + other.good,
            self.wrongly + other.wrongly,
            self.spoiled + other.spoiled,
            self.left_out + other.left_out,
            self.again + other.again,
            (one, two, three),
        )


class InMemory:
    """The partitions of a window, as `learn_without_spoiled` asks for them."""

    def __init__(
        self, keys: Sequence[str], frames: Sequence[pd.DataFrame], kinds: Mapping[str, Kind]
    ) -> None:
        self._looks = Looks(kinds)
        self.days: dict[str, Day] = {}
        for key, frame in zip(keys, frames, strict=True):
            self.days[key] = day_of(frame, kinds)
            self.days[key].each(partial(self._looks.take, key))

    def learned_from(self, partitions: Sequence[str]) -> Reference:
        """See `Learning`."""
        return learn_from(self._looks, {name: self.days[name] for name in partitions})

    def closed_on(self, reference: Reference, partition: str) -> Closed:
        """See `Learning`."""
        return closed(self.days[partition], reference.ruler, reference.known)


def day_of(frame: pd.DataFrame, kinds: Mapping[str, Kind]) -> Day:
    """Take a partition as checks do; rows have no key."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return Day([Sized(take_batch(table, kinds).batch, len(frame))], None)


def spoil(
    frames: Sequence[pd.DataFrame], places: Iterable[int], chance: np.random.Generator
) -> Iterator[Spoilt]:
    """Spoil some partitions, each by a hard or soft kind that is drawn by lot."""
    kinds = [kind for group in GROUPS if group != "drift" for kind in kinds_of(group)]
    for at in places:
        for _ in range(_ATTEMPTS):
            kind = str(chance.choice([kind for kind in kinds if kind != _UNUSABLE]))
            try:
                done = KINDS[kind].apply(Situation(frames[at], frames[:at], chance))
            except CannotApply:
                continue
            yield Spoilt(at, kind, done)
            break


def come_again(
    frames: Sequence[pd.DataFrame], before: Sequence[Spoilt], chance: np.random.Generator
) -> Iterator[pd.DataFrame]:
    """Let the errors come again in the partitions behind the window, where they can."""
    for at in range(LEARNED, LEARNED + AGAIN) if before else ():
        spoilt = before[int(chance.integers(len(before)))]
        columns = spoilt.corrupted.columns
        situation = Again(frames[at], frames[:at], chance, columns)
        try:
            again = KINDS[spoilt.kind].apply(situation)
        except CannotApply:
            continue
        if set(again.columns) == set(columns):
            yield again.partition.reset_index(drop=True)


def is_found(config: ModelConfig, reference: Reference, day: Day, key: str) -> bool:
    """Say whether a check finds a partition broken, beside all that was learned from."""
    one = closed(day, reference.ruler, reference.known)
    names, summaries = reference.partitions, reference.summaries
    history = History(names, summaries, reference.known, {}, {})
    held = Held(learn_promises(reference, config.data.key).kept)
    basis, findings = measure(config, key, one.summary, history, reference.ruler, held)
    return judge(findings, basis).is_broken


def tried(data: DataSet, start: int, count: int, seed: int) -> Counted:
    """Spoil some partitions of a window, learn from it, and count what comes of it."""
    chance = np.random.default_rng([seed, start, count])
    keys = data.keys[start : start + LEARNED]
    frames = data.partitions[start : start + LEARNED + AGAIN]
    kinds = kinds_of_columns(frames[:LEARNED])
    places = sorted(1 + chance.permutation(LEARNED - 1)[:count])
    spoilt = list(spoil(frames, places, chance))
    window = list(frames[:LEARNED])
    for one in spoilt:
        window[one.at] = one.corrupted.partition.reset_index(drop=True)
    config, as_it_is = config_of(kinds, _BUDGET), InMemory(keys, window, kinds)
    cleaned = learn_without_spoiled(config, as_it_is, keys)
    unspoiled = InMemory(keys, frames[:LEARNED], kinds).learned_from(keys)
    again = [day_of(frame, kinds) for frame in come_again(frames, spoilt, chance)]
    after = data.keys[start + LEARNED]

    def found(of: Reference) -> int:
        return sum(is_found(config, of, day, after) for day in again)

    bad = {keys[one.at] for one in spoilt}
    return Counted(
        good=LEARNED - len(bad),
        wrongly=len(cleaned.left_out.keys() - bad),
        spoiled=len(bad),
        left_out=len(cleaned.left_out.keys() & bad),
        again=len(again),
        found=(found(as_it_is.learned_from(keys)), found(cleaned.reference), found(unspoiled)),
    )


def main(
    *,
    windows: Annotated[int, typer.Option(help="Of each data set.", min=1)] = 8,
    seed: Annotated[int, typer.Option(help="Of the errors.")] = 7,
    cache: Annotated[Path, typer.Option(help="Where data lies.")] = CACHE,
) -> None:
    """Print what was left out, and how many of the errors that came again were found."""
    arms = (f"found, {learned}" for learned in ("learned from all", "robust", "unspoiled"))
    table = Table("data set", "spoiled", "left out", "good ones left out", *arms)
    for name in OPEN:
        data = read(name, cache)
        starts = np.linspace(0, len(data.keys) - LEARNED - AGAIN, windows).astype(int).tolist()
        for count in (0, *COUNTS):
            counted = sum((tried(data, at, count, seed) for at in starts), Counted())
            table.add_row(
                name,
                f"{count} of {LEARNED}",
                f"{counted.left_out} of {counted.spoiled}",
                f"{counted.wrongly} of {counted.good}",
                *(f"{found} of {counted.again}" for found in counted.found),
            )
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
