"""A reference from the summaries of trusted partitions: what is usual, and how usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from core.domain.finding import Kind
from core.domain.reference import ColumnReference, RowCounts, Usual, weekday_of
from core.domain.summary import ColumnSummary, Summary
from functions.ml.contract import learn_promise
from functions.ml.measure import measures
from functions.ml.movement import distance, noise_of, usual_of
from functions.ml.stability import Counts, Floats

_FEWEST_OF_WEEKDAY = 2
_DAYS_A_WEEK = 7
_ALONE = {Kind.NULLS}  # all that can be said of a column that has one value a day, like a weekday


@dataclass(frozen=True)
class Frozen:
    """What is known of a column before its partitions are summarised."""

    is_sensitive: bool
    unit: str | None
    edges: tuple[float, ...]
    words: tuple[str, ...]
    unseen: tuple[float, ...]
    """Of each partition, the share of rows whose category no other partition had."""


@dataclass(frozen=True)
class Track:
    """One kind of number of one column, over the trusted partitions."""

    kind: Kind
    values: Floats
    """Shape (partitions,)."""
    rows: Counts
    """Shape (partitions,): from how many rows each was taken."""
    spread: float

    def usual(self) -> Usual | None:
        """Describe how it behaved."""
        return usual_of(self.values)

    def left_one_out(self) -> Floats:
        """Compare each partition with all the others; shape (partitions,), >= 0."""
        return np.array([self._against_others(i) for i in range(len(self.values))])

    def _against_others(self, i: int) -> float:
        usual = usual_of(np.delete(self.values, i))
        if usual is None or np.isnan(self.values[i]):
            return 0.0
        noise = noise_of(self.kind, usual, max(int(self.rows[i]), 1), self.spread)
        above = self.kind is Kind.SHAPE
        return distance(float(self.values[i]), usual, noise, only_above=above)


def learn_column(
    days: Sequence[ColumnSummary], frozen: Frozen
) -> tuple[ColumnReference, list[Track]]:
    """Learn what is usual in one column.

    Args:
        days: the column in each trusted partition, on the frozen bins.
        frozen: these bins, and what else is known of it.
    """
    counts = np.array([day.counts for day in days], dtype=np.int64)
    pooled = counts.sum(axis=0)
    spread = _pooled_spread(days)
    tracks = [
        track
        for track in _tracks(days, counts, spread)
        if track.kind in _ALONE or not _is_of_the_calendar(counts)
    ]
    usual = {track.kind: usual for track in tracks if (usual := track.usual()) is not None}
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    reference = ColumnReference(
        type=days[0].type,
        unit=frozen.unit,
        is_sensitive=frozen.is_sensitive,
        edges=frozen.edges,
        words=frozen.words,
        counts=tuple(pooled.tolist()),
        shares=tuple(zip(shares.min(axis=0).tolist(), shares.max(axis=0).tolist(), strict=True)),
        spread=spread,
        promise=learn_promise(days, frozen.unseen),
        usual=usual,
    )
    return reference, tracks


def learn_rows(days: Sequence[Summary]) -> tuple[RowCounts, Track]:
    """Learn how many rows a partition has; a Saturday is compared with Saturdays."""
    weekdays = np.array([weekday_of(day.partition) for day in days])
    rows = np.array([max(day.rows, 1) for day in days], dtype=np.float64)
    levels, spans = zip(
        *(_level(rows, weekdays == day) for day in range(_DAYS_A_WEEK)), strict=True
    )
    others = np.arange(len(days))
    log_ratio = np.array(
        [
            np.log(rows[i] / _level(rows[others != i], (weekdays == weekdays[i])[others != i])[0])
            if len(days) > 1
            else nan
            for i in others
        ]
    )
    track = Track(Kind.ROWS, log_ratio, rows.astype(np.int64), 0.0)
    usual = track.usual() or Usual(mean=0.0, deviation=0.0, farthest=0.0, low=0.0, high=0.0)
    most = max((day.duplicates / max(day.rows, 1) for day in days), default=0.0)
    return RowCounts(by_weekday=levels, spans=spans, usual=usual, most_duplicates=most), track


def worst_scores(tracks: Sequence[Track], partitions: int) -> Floats:
    """Say for each trusted partition how far its farthest number lies from the others'.

    Returns:
        shape (partitions,), >= 0.
    """
    scores = [track.left_one_out() for track in tracks]
    return np.max(scores, axis=0) if scores else np.zeros(partitions)


def unseen_shares(days: Sequence[Mapping[str, int]]) -> tuple[float, ...]:
    """Say for each partition which share of its rows has a category that no other one has."""
    homes: dict[str, int] = {}
    for day in days:
        for word in day:
            homes[word] = homes.get(word, 0) + 1
    return tuple(
        sum(rows for word, rows in day.items() if homes[word] == 1) / max(sum(day.values()), 1)
        for day in days
    )


def _tracks(days: Sequence[ColumnSummary], counts: Counts, spread: float) -> list[Track]:
    pooled = counts.sum(axis=0)
    by_kind: dict[Kind, list[float]] = {}
    for day, own in zip(days, counts, strict=True):
        for kind, value in measures(day, pooled - own, spread):
            by_kind.setdefault(kind, []).append(value)
    rows = np.array([day.rows for day in days])
    filled = np.array([day.filled for day in days])
    return [
        Track(kind, np.array(values), rows if kind is Kind.NULLS else filled, spread)
        for kind, values in by_kind.items()
    ]


def _is_of_the_calendar(counts: Counts) -> bool:
    """Whether each partition holds one value, and not always the same one."""
    filled = counts > 0
    return bool((filled.sum(axis=1) <= 1).all() and filled.any(axis=0).sum() > 1)


def _pooled_spread(days: Sequence[ColumnSummary]) -> float:
    """Standard deviation over all rows: within the partitions and between them."""
    known = [
        (day.filled, day.mean, day.spread)
        for day in days
        if day.mean is not None and day.spread is not None
    ]
    rows = sum(filled for filled, _, _ in known)
    if not rows:
        return 0.0
    mean = sum(filled * mean for filled, mean, _ in known) / rows
    return sqrt(sum(n * (spread**2 + (m - mean) ** 2) for n, m, spread in known) / rows)


def _level(
    rows: Floats, same_weekday: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[float, tuple[float, float]]:
    alike = rows[same_weekday] if same_weekday.sum() >= _FEWEST_OF_WEEKDAY else rows
    return float(np.median(alike)), (float(alike.min()), float(alike.max()))
