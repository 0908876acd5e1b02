"""How a partition came to differ from its history: at once or by degrees, in how many columns."""

from collections.abc import Iterable

import numpy as np

from core.domain.finding import Finding, Kind
from core.domain.origin import Movement
from core.domain.verdict import ErrorClass
from functions.arrays import Counts, Floats
from functions.ml.checking.compare import Comparison, Measured
from functions.ml.checking.season import WINDOW
from functions.ml.checking.series import SHARES

_WINDOW = 10
"""The newest partitions, in which a change may have grown; those before say what was usual."""
_FEWEST_ALIKE = 2  # partitions of one day of the week that say what is usual on it
_MOST = 12.0  # units: a statistic that is far out must not silence all others
_LEAST_SHARE, _LEAST_OTHER = 0.002, 0.03  # on the scales of `series`: what is no change
_MOST_SCORE = 3.0  # columns this far beyond the limit count alike
_DAYS_A_WEEK = 7


def movement(
    measured: Measured,
    comparison: Comparison,
    findings: Iterable[Finding],
    weekdays: Counts | None,
) -> Movement:
    """Describe how a partition came to differ.

    Args:
        measured: with a history of at least `FEWEST_PARTITIONS`.
        comparison: of the same partition.
        findings: of the same partition.
        weekdays: shape (partitions + 1,), 0..6; `None` where partitions are not days.
    """
    columns = measured.ruler.columns
    scores = np.array([comparison.scores[name] for name in columns])
    others = [score for group, score in comparison.scores.items() if group not in columns]
    farthest = min(float(max(scores.max(), *others)), _MOST_SCORE)
    is_of_rows = scores.max() < farthest
    return Movement(
        has_new=any(_is_new(finding) for finding in findings),
        is_apart=max(comparison.relation_scores.values(), default=0.0) > max(1, scores.max()),
        gradual=gradual_of(_way(measured, weekdays)),
        breadth=0.0 if is_of_rows else breadth_of(np.clip(scores, 1e-9, _MOST_SCORE)),
        is_of_rows=is_of_rows,
        columns=len(columns),
    )


def _is_new(finding: Finding) -> bool:
    """Say whether it found, in some rows, what no trusted partition had in any."""
    was_there = finding.kind is not Kind.RANGE and (finding.usual is None or finding.usual[1] > 0)
    is_soft = finding.error_class is ErrorClass.SOFT
    return finding.score >= 1 and is_soft and not was_there


def breadth_of(scores: Floats) -> float:
    """Say how evenly columns moved: 0 for one alone, 1 for all alike.

    Args:
        scores: shape (columns,), > 0.

    Source: the inverse of the Herfindahl index, an effective number of columns.
    """
    if len(scores) == 1:
        return 0.0
    effective = scores.sum() ** 2 / (scores**2).sum()
    return float((effective - 1) / (len(scores) - 1))


def gradual_of(way: Floats) -> float:
    """Say whether a change grew or jumped: what fits better, a step or a ramp.

    Args:
        way: shape (partitions,), how far each was on the way from what was usual, 0, to today, 1.

    Returns:
        0..1; a jump from one partition to the next gives 0, a rise over two or more of them 1.

    Source: ours; the squared errors of the best fit of each, less one another.
    """
    place = np.arange(len(way))
    last = len(way) - 1
    steps = [(place >= start).astype(np.float64) for start in range(1, len(way))]
    ramps = [np.clip(1 - (last - place) / days, 0, 1) for days in range(2, len(way))]
    step, ramp = (min(((way - shape) ** 2).sum() for shape in some) for some in (steps, ramps))
    return float(np.clip(0.5 + 2 * (step - ramp), 0, 1))  # a jump is a quarter off a short ramp


def _way(measured: Measured, weekdays: Counts | None) -> Floats:
    """Project the newest partitions on how far today lies from what was usual before them."""
    recent = measured.values[-WINDOW - 1 :]
    kept = np.isfinite(recent).all(axis=0)
    values = recent[:, kept]
    weekdays = None if weekdays is None else weekdays[-len(values) :]
    shares = np.array([series.kind in SHARES for series in measured.series])[kept]
    newest = min(_WINDOW, len(values) // 2)
    usual = _usual(values[:-newest], weekdays, len(values))
    off = values - usual
    least = np.where(shares, _LEAST_SHARE, _LEAST_OTHER)
    unit = np.sqrt((off[:-newest] ** 2).mean(axis=0) + least**2)
    moved = np.clip(off[-newest:] / unit, -_MOST, _MOST)
    today = moved[-1]
    return np.asarray(moved @ today / max(float(today @ today), 1e-9))


def _usual(before: Floats, weekdays: Counts | None, partitions: int) -> Floats:
    """Say what was usual: the mean of the same days of the week, or else the median.

    Returns:
        shape (partitions, statistics).
    """
    usual = np.repeat(np.median(before, axis=0)[None], partitions, axis=0)
    if weekdays is None:
        return usual
    for day in range(_DAYS_A_WEEK):
        alike = weekdays[: len(before)] == day
        if alike.sum() >= _FEWEST_ALIKE:
            usual[weekdays == day] = before[alike].mean(axis=0)
    return usual
