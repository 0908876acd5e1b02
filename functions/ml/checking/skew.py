"""How far the newest partitions lie from those a version learned from, whatever came between."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.alarm_budget import NEWEST
from functions.arrays import Floats
from functions.ml.checking.calibrate import limit_of
from functions.ml.checking.series import SHARES, Series, Statistic

_TOP = 3  # statistics of one column that must agree
_WIDENED = 1.3  # runs overlap, and those that set the limit are part of what they are held to
_LEAST_SHARE, _LEAST_OTHER = 0.005, 0.05  # on the scales of `series`: what never matters
_COMPARED = frozenset(
    {
        Statistic.MEAN,
        Statistic.SPREAD,
        Statistic.QUANTILE,
        Statistic.NULLS,
        Statistic.ZEROS,
        Statistic.WORD,
    }
)
"""What a person can act on; odd values are the business of each partition's own check."""


@dataclass(frozen=True)
class Skew:
    """The column that lies farthest from what a version learned from."""

    series: Series
    """Its statistic that tells most of it."""
    score: float
    """In units of the limit: 1 is at the limit."""
    newest: float
    """The mean of the newest partitions, on the scale of the statistic."""


def skew(
    series: Sequence[Series], learned: Floats, newest: Floats, comparisons_per_false_alarm: int
) -> Skew | None:
    """Compare the mean of the newest partitions with the partitions of a training.

    A mean counts when it lies outside of all that single partitions of the training showed, and
    the median too: a storm or a holiday among the newest moves a mean, and is no skew. The limit is
    set by the training itself: by how far runs of as many partitions lie from the rest of it, all
    columns together.

    Args:
        series: what the statistics are about.
        learned: shape (partitions, statistics), more than `NEWEST` of them, oldest first.
        newest: shape (partitions, statistics).
        comparisons_per_false_alarm: how seldom such a comparison may be a false alarm.

    Returns:
        `None` where no statistic can be compared.

    Source: ours; the limit as in `calibrate`.
    """
    known = np.asarray(np.isfinite(np.vstack([learned, newest])).all(axis=0))
    which = [i for i, of in enumerate(series) if of.kind in _COMPARED and known[i]]
    if not which:
        return None
    of = [series[i] for i in which]
    least = np.array([_LEAST_SHARE if s.kind in SHARES else _LEAST_OTHER for s in of])
    learned, newest = learned[:, which], newest[:, which]
    runs = [slice(start, start + NEWEST) for start in range(len(learned) - NEWEST + 1)]
    past = np.stack([_off(np.delete(learned, run, axis=0), learned[run]) for run in runs])
    unit = np.sqrt((past**2).mean(axis=0) + least**2)
    mean = newest.mean(axis=0)
    both = np.stack([mean, np.median(newest, axis=0)])
    is_outside = (both < learned.min(axis=0)).all(axis=0) | (both > learned.max(axis=0)).all(axis=0)
    now = np.where(is_outside, _off(learned, newest) / unit, 0)
    columns = sorted({s.column for s in of})
    members = {name: [i for i, s in enumerate(of) if s.column == name] for name in columns}
    worst = np.array([max(_score(off[m]) for m in members.values()) for off in past / unit])
    limit = limit_of(worst, comparisons_per_false_alarm, _WIDENED)
    scores = {name: _score(now[m]) / limit for name, m in members.items()}
    farthest = max(columns, key=lambda name: scores[name])
    told = max(members[farthest], key=lambda i: (_is_plain(of[i]) and now[i] > 0, now[i]))
    return Skew(of[told], scores[farthest], float(newest[:, told].mean()))


def _off(learned: Floats, newest: Floats) -> Floats:
    return np.asarray(np.abs(newest.mean(axis=0) - learned.mean(axis=0)))


def _score(off: Floats) -> float:
    return float(np.sort(off)[-_TOP:].mean())


def _is_plain(series: Series) -> bool:
    return series.kind is Statistic.MEAN
