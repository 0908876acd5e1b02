"""A partition beside its history: how surprising each statistic is, and the one limit on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from functions.arrays import Counts, Floats, or_zero
from functions.ml.checking.blame import shifts_beyond
from functions.ml.checking.calibrate import limit_of
from functions.ml.checking.forecast import FIRST_SCORED, SLOW, choose, forecast, have_a_past
from functions.ml.checking.relations import (
    LEAST_MEAN,
    LEAST_SPREAD,
    partners_of,
    regress,
    regressed,
    relation_errors,
)
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.season import WINDOW, LastYear, worth_comparing
from functions.ml.checking.series import SHARES, Series, Statistic
from functions.ml.checking.statistics import all_shares, statistics
from functions.ml.checking.summary import Summary
from functions.ml.checking.surprise import surprise
from functions.ml.one_thread import one_thread

_NEWEST = 150  # partitions whose scores set the limit
_UNREADY = 3  # of the first that are scored: their forecasts come from next to nothing
_TOP = 3  # statistics of one column that must agree
_ALONE = {Statistic.NULLS: 0.7}  # how much counts on its own: lost values leave no other trace
MOST_SURPRISE = 30.0
"""Larger surprises count as this one."""
_MOST_OF_EXTREMES = 6.0  # they hang on single rows, and one odd row wakes nobody
_EXTREMES = frozenset({Statistic.LOW, Statistic.HIGH})
_EXTREME_QUANTILES = frozenset({0.01, 0.99})
_RELATIONS_WIDENED = 1.25  # regressions were learned from the partitions that set the limit
_SERIES_AT_ONCE, _COLUMNS_AT_ONCE = 256, 10  # forecast together
_LEAST_SHARE = 0.002
_LEAST_ROWS = 0.3  # of a row of a median partition
_LEAST_SHAPE = 0.01
_LEAST_OTHER = 0.03  # on the scales of `series`


@dataclass(frozen=True)
class Calendar:
    """What is known of when partitions came."""

    weekdays: Counts | None
    """Shape (partitions + 1,), 0..6; `None` where partitions are not days."""
    last_year: LastYear | None


@dataclass(frozen=True)
class Measured:
    """A partition behind its history, measured with the same ruler."""

    ruler: Ruler
    together: Summary
    """Shape (partitions + 1, ...): trusted ones, oldest first, then the one in question."""
    series: list[Series]
    values: Floats
    """Shape (partitions + 1, statistics)."""

    @classmethod
    def of(cls, history: Summary, current: Summary, ruler: Ruler) -> Self:
        """Measure a partition, shape (...), behind its history, shape (partitions, ...)."""
        together = history.followed_by(current)
        return cls(ruler, together, *statistics(together, ruler))

    @cached_property
    def _places(self) -> dict[Series, int]:
        return {series: at for at, series in enumerate(self.series)}

    def of_series(self, series: Series) -> Floats:
        """Return one statistic of all partitions, shape (partitions + 1,)."""
        return self.values[:, self._places[series]]


@dataclass(frozen=True)
class Comparison:
    """How a partition's columns score beside its history."""

    surprises: dict[Series, float]
    """Errors of the forecasts in units of their usual size, >= 0."""
    scores: dict[str, float]
    """Of each `Series.group`, in units of the limit: 1 is at the limit."""
    relation_scores: dict[str, float]
    """Of each column that was regressed on the others, in units of their limit."""
    shifts: dict[str, float]
    """Of each column, the share of rows in other bins than forecast, beyond what is usual."""
    partners: dict[str, tuple[str, ...]]
    """Of each column that was regressed, itself and those that it follows most."""


def compare(
    measured: Measured,
    weekdays: Counts | None,
    partitions_per_false_alarm: int,
    moments: Counts | None = None,
) -> Comparison:
    """Compare a partition with its history.

    A column's score is the mean of its three largest surprises, so that one odd number alone wakes
    nobody; the partition's is the largest of its columns'.

    Args:
        measured: with a history of at least `FEWEST_PARTITIONS`.
        weekdays: shape (partitions + 1,), 0..6; `None` where partitions are not days.
        partitions_per_false_alarm: the alarm budget.
        moments: shape (partitions + 1,), when each began (`season.moments_of`); `None` where that
            is not known, so that nothing is compared with the year before.
    """
    ruler = measured.ruler
    together, of_chosen, calendar = _chosen(measured, weekdays, moments)
    shapes = _shapes(together, ruler, calendar)
    of_shapes = [Series(name, Statistic.SHAPE) for name in ruler.columns]
    series = [*measured.series, *of_shapes]
    least = _least(series, float(np.median(together.rows[:-1])))
    plain, moved = np.split(least, [-len(of_shapes)])
    surprises = np.hstack(
        [_surprises(of_chosen, plain, calendar), _surprises(shapes, moved, calendar, rises=True)]
    )
    newest = dict(zip(series, surprises[-1].tolist(), strict=True))
    np.minimum(surprises, [_most(of) for of in series], out=surprises)
    groups = [of.group for of in series]
    weights = np.array([_ALONE.get(of.kind, 0.0) for of in series])
    relation_scores, partners = _relations(together, ruler, partitions_per_false_alarm)
    shifts = shifts_beyond(or_zero(shapes)[FIRST_SCORED:][-_NEWEST - 1 :])
    return Comparison(
        surprises=newest,
        scores=_scores(groups, surprises, _TOP, weights, partitions_per_false_alarm, 1.0),
        relation_scores=relation_scores,
        shifts=dict(zip(ruler.columns, shifts.tolist(), strict=True)),
        partners=partners,
    )


def _chosen(
    measured: Measured, weekdays: Counts | None, moments: Counts | None
) -> tuple[Summary, Floats, Calendar]:
    """Take of a long history what today is compared with; shapes (chosen + 1, ...).

    A share of rows that is zero in all of that, and was not in what is older, counts as far as it
    lies beyond the largest one there: below zero it was last winter, too.
    """
    partitions = len(measured.values) - 1
    if partitions <= WINDOW:
        return measured.together, measured.values, Calendar(weekdays, LastYear.of(moments))
    places = np.append(worth_comparing(moments, partitions), partitions)
    of_chosen = [None if of is None else of[places] for of in (weekdays, moments)]
    values = measured.values[places]
    older = or_zero(np.delete(measured.values, places, axis=0)).max(axis=0, initial=0.0)
    is_back = np.array([of.kind in SHARES for of in measured.series]) & (older > 0)
    is_back &= ~or_zero(values[:-1]).any(axis=0)
    values[-1, is_back] = np.maximum(values[-1] - older, 0)[is_back]
    calendar = Calendar(of_chosen[0], LastYear.of(of_chosen[1]))
    return measured.together[places.tolist()], values, calendar


def _surprises(values: Floats, least: Floats, calendar: Calendar, *, rises: bool = False) -> Floats:
    """Measure the errors of the partitions that set the limit, and those of the last one.

    What is older than the window is there for the year after it, and says nothing by itself.

    Args:
        values: shape (partitions + 1, series).
        least: shape (series,): what is too small to matter.
        calendar: when they came.
        rises: whether a value is an error only where it is above its forecast.

    Returns:
        shape (at most `_NEWEST` + 1, series).
    """
    first = FIRST_SCORED + max(len(values) - 1 - WINDOW, 0)
    scored = min(max(len(values) - 1 - first - _UNREADY, 0), _NEWEST)
    surprises = np.empty((scored + 1, values.shape[1]))
    for some in _blocks(values.shape[1]):
        forecasts = forecast(values[:-1, some], calendar.weekdays, calendar.last_year)
        sizes = np.abs(or_zero(values[:-1, some] - forecasts[:, :-1]))
        chosen = choose(sizes, calendar.last_year)
        off = values[:, some] - np.take_along_axis(forecasts, chosen[None], axis=0)[0]
        if calendar.last_year is not None:
            off = calendar.last_year.nearer(off, values[:, some], forecasts[SLOW])
        if rises:
            off = np.maximum(off, 0)
        off[~have_a_past(values[:, some])] = np.nan
        past, surprises[-1, some] = surprise(off[first:-1], off[-1], least[some])
        surprises[:-1, some] = past[len(past) - scored :]
    return surprises


def _shapes(together: Summary, ruler: Ruler, calendar: Calendar) -> Floats:
    """Say how far each column's shares lie from their forecast, half the sum; shape (n, columns).

    Not-a-number where a column has no values.

    Source: the total variation distance.
    """
    shapes = np.empty((len(together), len(ruler.columns)))
    for some in _blocks(len(ruler.columns), _COLUMNS_AT_ONCE):
        starts = ruler.offsets[:-1][some]
        of_some = all_shares(together, ruler, some)
        off = forecast(of_some[:-1], calendar.weekdays, calendar.last_year)
        np.abs(np.subtract(of_some, off, out=off), out=off)
        sizes = np.add.reduceat(off, starts - starts[0], axis=2) / 2
        chosen = choose(sizes[:, :-1], calendar.last_year)[None]
        shapes[:, some] = np.take_along_axis(sizes, chosen, axis=0)[0]
    are_filled = np.add.reduceat(together.counts, ruler.offsets[:-1], axis=1) > 0
    return np.where(are_filled, shapes, np.nan)


def _blocks(size: int, at_once: int = _SERIES_AT_ONCE) -> Iterator[slice]:
    """Cut a range in pieces, so that a wide table needs no more memory than a narrow one."""
    return (slice(start, start + at_once) for start in range(0, size, at_once))


def _relations(
    together: Summary, ruler: Ruler, partitions_per_false_alarm: int
) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    """Score each regression of a column on the others, and name what it leans on."""
    names = regressed(ruler)
    if not names:
        return {}, {}
    products = together.products[-_NEWEST - FIRST_SCORED - _UNREADY - 1 :].astype(np.float64)
    with one_thread():
        regressions = regress(products[:-1], len(names))
        errors = relation_errors(products, regressions)
    least = np.repeat([LEAST_MEAN, LEAST_SPREAD], len(names))
    surprises = np.minimum(_surprises(errors, least, Calendar(None, None)), MOST_SURPRISE)
    weights = np.ones(len(least))
    groups = [*names, *names]
    scores = _scores(groups, surprises, 1, weights, partitions_per_false_alarm, _RELATIONS_WIDENED)
    return scores, partners_of(regressions, products[:-1], ruler)


def _scores(  # noqa: PLR0913, PLR0917 - two kinds of surprises go through it
    groups: list[str],
    surprises: Floats,
    top: int,
    weights: Floats,
    partitions_per_false_alarm: int,
    widened: float,
) -> dict[str, float]:
    """Score each group of the last partition in units of the limit that the past ones set.

    Args:
        groups: of each series.
        surprises: shape (partitions + 1, series), of `_surprises`.
        top: how many surprises of a group are averaged.
        weights: shape (series,), 0..1: how much each counts on its own.
        partitions_per_false_alarm: the alarm budget.
        widened: how many times as far from the mean the limit lies.
    """
    members: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        members.setdefault(group, []).append(i)
    scores = np.stack(
        [
            np.maximum(
                _top_mean(surprises[:, which], top),
                (surprises[:, which] * weights[which]).max(axis=1),
            )
            for which in members.values()
        ],
        axis=1,
    )
    limit = limit_of(scores[:-1].max(axis=1), partitions_per_false_alarm, widened)
    return dict(zip(members, (scores[-1] / limit).tolist(), strict=True))


def _top_mean(values: Floats, top: int) -> Floats:
    if values.shape[1] > top:
        values = -np.partition(-values, top - 1, axis=1)[:, :top]
    return np.asarray(values.mean(axis=1))


def _most(series: Series) -> float:
    """Say how much a surprise of a statistic may count.

    That values lie far out breaks a promise, or it is growth; quantiles tell how far it went.
    """
    if series.kind is Statistic.FAR:
        return 0.0
    is_extreme = series.kind in _EXTREMES or series.detail in _EXTREME_QUANTILES
    return _MOST_OF_EXTREMES if is_extreme else MOST_SURPRISE


def _least(series: list[Series], median_rows: float) -> Floats:
    """Say of each statistic what is too small to matter, whatever its past."""
    share = max(_LEAST_SHARE, _LEAST_ROWS / max(median_rows, 1))
    shape = max(_LEAST_SHAPE, 1 / max(median_rows, 1))
    return np.array(
        [
            share if of.kind in SHARES else shape if of.kind is Statistic.SHAPE else _LEAST_OTHER
            for of in series
        ]
    )
