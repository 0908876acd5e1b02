"""What a table has always kept: learned from its history at each check, so never out of date."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from functions.arrays import Flags, Floats
from functions.ml.checking.series import Series, Statistic, uncrowded

_NEVER = frozenset(
    {
        Statistic.NULLS,
        Statistic.NEGATIVES,
        Statistic.ZEROS,
        Statistic.MINUS_ONES,
        Statistic.FRACTIONS,
        Statistic.DECIMALS,
        Statistic.FAR,
        Statistic.PADDED,
        Statistic.FOREIGN,
        Statistic.DUPLICATES,
    }
)
_OF_VALUES = frozenset(
    {
        Statistic.NEGATIVES,
        Statistic.ZEROS,
        Statistic.MINUS_ONES,
        Statistic.FRACTIONS,
        Statistic.DECIMALS,
        Statistic.FAR,
    }
)
FEWEST_KEPT = 10  # partitions: kept by fewer, it is no promise yet
_IN_BULK = 0.5  # but from this share of rows on even then
_UNSETTLED = 15  # partitions in which promises may still turn out to be none
_NEWEST = 150
_MOST_BREAKS = 0.02  # of the partitions: where promises often turn out to be none, none is made
_FEW_SHARE, _FEW_ROWS = 0.01, 3  # single odd values are not an alert
_FEW_ABSURD_SHARE, _FEW_ABSURD_ROWS = 0.002, 2  # but what is far off is one sooner
_NO_SPREAD = -3.9  # on the scale of `series`: all rows of a partition hold the same value
_USELESS_NULLS = 0.98
_USUAL_NULLS = 0.9
_SAME, _USUAL_SAME = 0.99, 0.8  # of the rows that have a value
_MORE_THAN_ONE = 1.5  # distinct values
_BY_CHANCE = 1e-3  # so seldom may rows that usually differ be all alike
_LEAST_OF_ROWS = 0.5  # usual ones: of a week's first day alone one weekday is all there is
_BULK_NEW = 0.15  # a new shop opens with fewer rows; another coding of the column does not
_USUAL_NEW = 0.05
_SETTLED_WORDS = 45  # partitions: before, a season may bring its own
_NEW_TIMES = 3.0

BROKEN = 2.0
"""The score of a promise that is broken by few rows, in units of a limit."""
BROKEN_BY_ALL = 8.0
"""And of one that is broken by all rows, in between by their share."""
USELESS = 100.0
"""The score of a column that lost all values or differences, or speaks another language."""


@dataclass(frozen=True)
class Broken:
    """A promise that a partition broke."""

    series: Series
    seen: float
    """The share of rows, 0..1."""
    score: float
    """In units of a limit, above 1."""


def broken_promises(
    series: list[Series], history: Floats, seen: Floats, rows: Floats
) -> Iterator[Broken]:
    """Find what was never seen in the history and is seen now, in more than single rows.

    Args:
        series: what the statistics are about.
        history: shape (partitions, statistics), trusted, oldest first.
        seen: shape (statistics,).
        rows: shape (partitions + 1,).
    """
    which = [i for i, of in enumerate(series) if of.kind in _NEVER]
    shares = np.nan_to_num(np.vstack([history, seen])[:, which])
    is_far = np.array([series[i].kind is Statistic.FAR for i in which])
    few = np.where(
        is_far,
        np.maximum(_FEW_ABSURD_SHARE, _FEW_ABSURD_ROWS / np.maximum(rows, 1))[:, None],
        too_many(rows)[:, None],
    )
    breaks = _first_breaks(shares, few) & ~_are_grown(which, series, np.vstack([history, seen]))
    breaks[:FEWEST_KEPT] &= ~_are_of_constants(which, series, history)
    is_settled = are_kept(breaks[:-1])
    for place, i in enumerate(which):
        if is_settled and breaks[-1, place]:
            share = float(shares[-1, place])
            yield Broken(series[i], share, badness(share))
    for i, of in enumerate(series):
        if of.kind in {Statistic.NULLS, Statistic.NEW} and _is_useless(
            of.kind, seen[i], history[:, i]
        ):
            yield Broken(of, float(seen[i]), USELESS)
    is_whole = rows[-1] >= _LEAST_OF_ROWS * np.median(rows)
    if is_whole and len(history) >= FEWEST_KEPT:
        yield from _became_one(series, history, seen, float(rows[-1]))


def _became_one(
    series: list[Series], history: Floats, seen: Floats, rows: float
) -> Iterator[Broken]:
    """Find columns of many values that hold a single one now, in too many rows to be chance.

    Rows drawn from those before are alike as often as the most frequent value allows.
    """
    at = {(of.column, of.kind): i for i, of in enumerate(series)}
    for (column, kind), i in at.items():
        if kind is not Statistic.PEAK or seen[i] < _SAME or (history[:, i] > _USUAL_SAME).any():
            continue
        filled = rows * (1 - seen[at[column, Statistic.NULLS]])
        distinct = uncrowded(seen[at[column, Statistic.DISTINCT]], filled)
        usual = float(np.nan_to_num(history[:, i]).max())
        if usual ** max(filled - 1, 0) > _BY_CHANCE:
            continue
        if distinct < _MORE_THAN_ONE:
            yield Broken(series[i], float(seen[i]), USELESS)


def always_kept(series: list[Series], history: Floats, rows: Floats) -> list[int]:
    """Say which statistics were zero in every partition, where that is enough to promise it.

    Args:
        series: what the statistics are about.
        history: shape (partitions, statistics), trusted, oldest first.
        rows: shape (partitions,).
    """
    which = [i for i, of in enumerate(series) if of.kind in _NEVER]
    shares = np.nan_to_num(history[:, which])
    few = np.broadcast_to(too_many(rows)[:, None], shares.shape)
    if len(history) < FEWEST_KEPT or not are_kept(_first_breaks(shares, few)):
        return []
    is_known = np.isfinite(history[:, which]).sum(axis=0) >= FEWEST_KEPT
    return [i for place, i in enumerate(which) if is_known[place] and not shares[:, place].any()]


def too_many(rows: Floats) -> Floats:
    """Say from which share of rows on a promise is broken: single odd values break none.

    Args:
        rows: of each partition; shape as given.
    """
    return np.asarray(np.maximum(_FEW_SHARE, _FEW_ROWS / np.maximum(rows, 1)))


def badness(share: float) -> float:
    """Score a broken promise by the share of rows that break it, in units of a limit."""
    return BROKEN + (BROKEN_BY_ALL - BROKEN) * share


def _are_of_constants(which: list[int], series: list[Series], history: Floats) -> Flags:
    """Say which promises are about a column that holds one value, or none, in each partition.

    What a weekday was in a few partitions says nothing of what it is in the next one.
    """
    spreads = {of.column: i for i, of in enumerate(series) if of.kind is Statistic.SPREAD}
    of_values = [
        spreads.get(series[i].column) if series[i].kind in _OF_VALUES else None for i in which
    ]
    return np.array(
        [at is not None and not (history[:, at] > _NO_SPREAD).any() for at in of_values],
        dtype=bool,
    )


def _are_grown(which: list[int], series: list[Series], values: Floats) -> Flags:
    """Say where a column came to its ends by no larger stride than the last partitions made.

    Numbers of orders and amounts that rise over the years pass every fixed end one day; what is
    wrong by its unit or its sign comes there at once.

    Args:
        which: places of promises.
        series: what the statistics are about.
        values: shape (partitions, statistics).

    Returns:
        shape (partitions, promises): only ever true of `FAR`.
    """
    at = {(of.column, of.kind): i for i, of in enumerate(series)}
    grown = np.zeros((len(values), len(which)), dtype=bool)
    names = {
        place: series[i].column for place, i in enumerate(which) if series[i].kind is Statistic.FAR
    }
    far = [place for place, name in names.items() if (name, Statistic.HIGH) in at]
    high, low = (
        [at[names[place], end] for place in far] for end in (Statistic.HIGH, Statistic.LOW)
    )
    strides = _strides(np.stack([values[:, high], -values[:, low]]))
    usual = np.zeros_like(strides)
    for back in range(1, min(FEWEST_KEPT, len(values)) + 1):
        usual[:, back:] = np.maximum(usual[:, back:], strides[:, :-back])
    grown[:, far] = (strides <= usual).all(axis=0)
    return grown


def _strides(values: Floats) -> Floats:
    """Say by how much each value is larger than all before it, 0 if it is not.

    Args:
        values: shape (..., partitions, columns).

    Returns:
        of the same shape.
    """
    record = np.maximum.accumulate(np.nan_to_num(values, nan=-np.inf), axis=-2)
    before = record[..., :-1, :]
    strides = np.zeros(values.shape)
    np.subtract(record[..., 1:, :], before, out=strides[..., 1:, :], where=np.isfinite(before))
    return strides


def _is_useless(kind: Statistic, share: float, history: Floats) -> bool:
    """Say whether a column lost all its values, or speaks another language."""
    usual = history[np.isfinite(history)].max(initial=0.0)
    if kind is Statistic.NULLS:
        return bool(share > _USELESS_NULLS and usual < _USUAL_NULLS)
    is_settled = int(np.isfinite(history).sum()) >= _SETTLED_WORDS  # with any words at all
    return bool(is_settled and usual < _USUAL_NEW and share > max(_BULK_NEW, _NEW_TIMES * usual))


def _first_breaks(shares: Floats, few: Floats) -> Flags:
    """Say where something is seen that no partition before had, after enough of them."""
    before = np.maximum.accumulate(shares, axis=0)
    breaks = np.zeros(shares.shape, dtype=bool)
    breaks[1:] = (before[:-1] == 0) & (shares[1:] >= few[1:])
    breaks[:FEWEST_KEPT] &= shares[:FEWEST_KEPT] >= _IN_BULK
    return breaks


def are_kept(breaks: Flags) -> bool:
    """Say whether this table's promises used to hold once they were made."""
    settled = breaks[_UNSETTLED:][-_NEWEST:]
    return bool(settled.any(axis=1).sum() <= _MOST_BREAKS * len(settled) + 1)
