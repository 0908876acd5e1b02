"""The learned contract in numbers: what trusted partitions kept, and what a partition breaks."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.contract import ColumnContract, Promise
from core.domain.finding import Finding
from core.domain.wording import Span
from functions.arrays import Flags, Floats
from functions.ml.examine import About
from functions.ml.explain import KINDS
from functions.ml.promises import always_kept, badness, too_many
from functions.ml.reference import Reference
from functions.ml.ruler import NumberRuler, Ruler
from functions.ml.statistics import Series, Statistic, statistics
from functions.ml.summary import Summary

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
    """Whether single rows broke it before."""


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
    """Say what is usual in each column of a reference, and of the key that it is one."""
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
    return [*columns, ColumnContract(column=key, type="key")]


def breaks_of(
    promises: AbstractSet[Promised],
    history: Summary,
    current: Summary,
    ruler: Ruler,
    key: str,
) -> list[Break]:
    """Find which promises a partition breaks in more than single rows.

    The history is only measured where there is something to tell.

    Args:
        promises: those of the contract in force.
        history: shape (partitions, ...), oldest first.
        current: shape (...).
        ruler: what both were measured with.
        key: the column that names a row.
    """
    series, [now] = statistics(Summary.stack([current]), ruler)
    broken = [
        i
        for i, of in enumerate(series)
        if _promised(of, key) in promises and now[i] >= too_many(current.rows)
    ]
    if not broken:
        return []
    names = [name for name in ruler.names if name in {series[i].column for i in broken}]
    narrow = ruler.only(names) if names else ruler
    of_history, values = statistics(history.only(ruler, names) if names else history, narrow)
    is_broken = _is_broken(values, history.rows)
    found = []
    for i in broken:
        at = of_history.index(series[i])
        promised = _promised(series[i], key)
        if promised is not None:
            before = tuple(np.flatnonzero(is_broken[:, at])[::-1].tolist())
            was_there = bool(np.nan_to_num(values[:, at]).any())
            found.append(Break(promised, float(now[i]), series[i].kind, before, was_there))
    return found


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
