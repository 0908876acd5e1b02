"""The learned contract in numbers: what trusted partitions kept, and what a partition breaks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.contract import ColumnContract, Promise
from core.domain.finding import Finding
from core.domain.wording import Span
from functions.arrays import Flags, Floats
from functions.ml.checking.compare import Measured
from functions.ml.checking.examine import About
from functions.ml.checking.explain import KINDS
from functions.ml.checking.promises import always_kept, badness, too_many
from functions.ml.checking.reference import Reference
from functions.ml.checking.ruler import NumberRuler
from functions.ml.checking.series import Series, Statistic
from functions.ml.checking.statistics import statistics
from functions.ml.checking.summary import Summary

_PROMISES: Final[Mapping[Statistic, Promise]] = {
    Statistic.NULLS: Promise.FILLED,
    Statistic.NEGATIVES: Promise.NOT_NEGATIVE,
    Statistic.ZEROS: Promise.NOT_ZERO,
    Statistic.MINUS_ONES: Promise.NOT_MINUS_ONE,
    Statistic.FRACTIONS: Promise.WHOLE,
    Statistic.PADDED: Promise.NOT_PADDED,
    Statistic.FOREIGN: Promise.PLAIN,
    Statistic.DUPLICATES: Promise.ONCE,
}

Promised = tuple[str, Promise]
"""A column, or the key, and what it promises."""


@dataclass(frozen=True)
class LearnedPromises:
    """What trusted partitions say of each promise that a column could make."""

    kept: AbstractSet[Promised]
    """Broken by no row of any of them, and they are enough to promise it."""
    breaks: Mapping[Promised, Floats]
    """Of what some of them broke in more than single rows: shape (partitions,), shares of rows."""


@dataclass(frozen=True)
class Break:
    """A promise that a partition breaks now."""

    promised: Promised
    share: float
    """Of its rows, 0..1."""
    kind: Statistic
    before: tuple[int, ...]
    """Places of the trusted partitions that broke it as well, newest first."""
    was_there: bool
    """Whether any row of them did."""


def learn_promises(reference: Reference, key: str) -> LearnedPromises:
    """Find what the partitions of a reference kept and what they broke.

    Args:
        reference: with at least one partition.
        key: the column that names a row.
    """
    series, values = statistics(reference.summaries, reference.ruler)
    kept = set(always_kept(series, values, reference.summaries.rows))
    is_broken = _is_broken(values, reference.summaries.rows)
    promised = {i: of for i, one in enumerate(series) if (of := _promised(one, key)) is not None}
    return LearnedPromises(
        kept={of for i, of in promised.items() if i in kept},
        breaks={
            of: np.where(is_broken[:, i], values[:, i], 0.0)
            for i, of in promised.items()
            if is_broken[:, i].any()
        },
    )


def learned_columns(
    reference: Reference, units: Mapping[str, str | None], key: str
) -> list[ColumnContract]:
    """Say what is usual in each column of a reference; the key comes last, if it is no feature."""
    columns = []
    for i, (name, rule) in enumerate(reference.ruler.columns.items()):
        if isinstance(rule, NumberRuler):
            usual = None if rule.is_sensitive else _range(reference.summaries, i)
            columns.append(
                ColumnContract(column=name, type="number", usual=usual, unit=units.get(name))
            )
        else:
            known = len(rule.hashes) + len(reference.known[i])
            columns.append(ColumnContract(column=name, type="category", categories=known))
    if key not in reference.ruler.columns:
        columns.append(ColumnContract(column=key, type="key"))
    return columns


def _nothing(_column: str, _places: Sequence[int]) -> bool:
    return False


@dataclass(frozen=True)
class Held:
    """The promises of the contract in force, and what people let pass of them."""

    promises: AbstractSet[Promised] = frozenset()
    let_pass: Callable[[str, Sequence[int]], bool] = _nothing
    """Of a column and the places of trusted partitions that broke a promise of it, newest first:
    whether a person called one of them normal."""

    def findings(self, measured: Measured, about: About) -> Iterator[Finding]:
        """Find the promises that a partition breaks.

        That some trusted partition broke one as well loosens nothing by itself.
        """
        for broken in breaks_of(self.promises, measured, about.key):
            if not self.let_pass(broken.promised[0], broken.before):
                yield finding_of(broken, about)


NOTHING_HELD: Final = Held()
"""What a table is held to of which nothing was ever written down."""


def breaks_of(promises: AbstractSet[Promised], measured: Measured, key: str) -> Iterator[Break]:
    """Find which promises a partition breaks in more than single rows.

    Args:
        promises: those of the contract in force.
        measured: the partition behind its history.
        key: the column that names a row.
    """
    history, now, rows = measured.values[:-1], measured.values[-1], measured.together.rows
    for i, of in enumerate(measured.series):
        promised = _promised(of, key)
        if promised is None or promised not in promises or not now[i] >= too_many(rows[-1]):
            continue
        before = np.flatnonzero(_is_broken(history[:, [i]], rows[:-1]))[::-1]
        was_there = bool(np.nan_to_num(history[:, i]).any())
        yield Break(promised, float(now[i]), of.kind, tuple(before.tolist()), was_there)


def finding_of(broken: Break, about: About) -> Finding:
    """Say that a partition breaks what the contract in force promises."""
    column, _ = broken.promised
    return Finding(
        column=column,
        kind=KINDS[broken.kind],
        score=badness(broken.share),
        seen=broken.share,
        usual=(0.0, 0.0),
        unit=about.units.get(column),
        is_sensitive=column in about.sensitive,
        is_ruled_out=broken.was_there,
    )


def _promised(series: Series, key: str) -> Promised | None:
    promise = _PROMISES.get(series.kind)
    if promise is None:
        return None
    return (key if series.kind is Statistic.DUPLICATES else series.column, promise)


def _is_broken(values: Floats, rows: Floats) -> Flags:
    return np.nan_to_num(values) >= too_many(rows)[:, None]


def _range(summaries: Summary, column: int) -> Span | None:
    lows, highs = summaries.lows[:, column], summaries.highs[:, column]
    low, high = lows.min(initial=np.inf), highs.max(initial=-np.inf)
    return (float(low), float(high)) if np.isfinite([low, high]).all() else None
