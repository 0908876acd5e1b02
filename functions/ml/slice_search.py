"""Find parts of the rows, of one condition or two, where a version loses more than elsewhere.

All of them are looked at, level by level as in SliceLine, and each proposal has to hold although
so many were looked at.

Source: Sagadeeva and Boehm, SliceLine: fast, linear-algebra-based slice finding for ML model
debugging (SIGMOD 2021), for the search as products of small tables; what counts as bad is ours: the
bound of Bennett (1962), valid for samples without replacement by Hoeffding, Probability
inequalities for sums of bounded random variables (1963), theorem 4, and Bonferroni's correction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from math import log, sqrt
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.domain.evaluation import Estimate, ProposedSlice
from core.domain.model_config import Column
from core.domain.where import Where
from functions.arrays import Flags, Floats
from functions.ml.intervals import estimate, grouped
from functions.ml.slice_cells import Cut, cut
from functions.ml.where import mask

_ALPHA: Final = 0.05  # how often at most it proposes anything where nothing is worse
_MOST: Final = 5  # proposals; more would not be read
_LEAST_RATIO: Final = 1.1  # a loss that is higher by less is not worth a name
_FINE, _COARSE = 20, 10  # cells of a number, for one condition and for two
_BEYOND_PARENT: Final = log(100)  # evidence that two conditions need beyond each of them alone
_HOPELESS: Final = -6.0  # nats: shuffled losses reach this score more often than not
_SHUFFLES: Final = 39  # of which one may reach a score that is beyond chance
_MOST_TO_SHUFFLE: Final = 50_000  # rows; with more, what Bonferroni misses is small


@dataclass(frozen=True)
class Searched:
    """The rows that are searched."""

    features: pd.DataFrame
    """As `columns.select` gives them."""
    columns: Mapping[str, Column]
    """Those whose values may be named."""
    losses: Floats
    """Shape (rows,), 0..1."""
    partition: NDArray[np.intp]
    """Shape (rows,), ascending: between partitions, too, an excess has to show."""
    minimum_rows: int
    """A slice, and what is left beside it, has at least so many."""


@dataclass(frozen=True)
class _Cuts:
    """What slices are made of."""

    fine: list[Cut]
    """For one condition."""
    coarse: list[Cut]
    """For two."""

    @property
    def singles(self) -> int:
        return sum(len(one.conditions) for one in self.fine)

    @property
    def pairs(self) -> int:
        sizes = [len(one.conditions) for one in self.coarse]
        return (sum(sizes) ** 2 - sum(size**2 for size in sizes)) // 2


@dataclass(frozen=True)
class _Rows:
    """The rows that no proposal explains yet."""

    losses: Floats
    """Shape (rows,): less the mean of the day, so that a hard day blames no slice."""
    is_left: Flags
    minimum: int

    @property
    def left(self) -> int:
        return int(self.is_left.sum())

    def shuffled(self, partition: NDArray[np.intp], rng: np.random.Generator) -> "_Rows":
        """Deal the losses of each day to its rows anew: now no slice has to do with them."""
        at = np.flatnonzero(self.is_left)
        losses = self.losses.copy()
        losses[at] = losses[at][np.lexsort((rng.random(len(at)), partition[at]))]
        return replace(self, losses=losses)


@dataclass(frozen=True)
class _Candidate:
    where: Where
    score: float
    """Evidence in nats, beyond what so many candidates need: > 0 is more than chance."""


def search(searched: Searched, rng: np.random.Generator) -> tuple[ProposedSlice, ...]:
    """Propose slices, the one with the strongest evidence first; none where nothing is worse.

    Once a slice is proposed its rows are put aside, so that no two proposals say the same.
    """
    columns, losses, partition = searched.columns, searched.losses, searched.partition
    cuts = _Cuts(cut(searched.features, columns, _FINE), cut(searched.features, columns, _COARSE))
    rows = _Rows(_less_mean_of_day(losses, partition), np.ones(len(losses), np.bool_), 0)
    rows = replace(rows, minimum=searched.minimum_rows)
    found: list[ProposedSlice] = []
    while len(found) < _MOST and rows.left >= 2 * rows.minimum:
        best = _best(cuts, rows)
        if best is None or not _is_beyond_chance(best, cuts, rows, partition, rng):
            break
        is_in = mask(best.where, searched.features)
        proposed = _proposed(best.where, is_in, losses, partition, cuts.singles + cuts.pairs)
        if proposed is not None:
            found.append(proposed)
        rows = replace(rows, is_left=rows.is_left & ~is_in)
    return tuple(found)


def _best(cuts: _Cuts, rows: _Rows) -> _Candidate | None:
    candidates = [*_of_one(cuts, rows), *_of_two(cuts, rows)]
    return max(candidates, key=lambda candidate: candidate.score, default=None)


def _is_beyond_chance(
    best: _Candidate,
    cuts: _Cuts,
    rows: _Rows,
    partition: NDArray[np.intp],
    rng: np.random.Generator,
) -> bool:
    """Say whether so high a score comes about by chance in at most one search of twenty.

    Bonferroni's correction says so at once where the evidence is strong. Slices overlap, though,
    so that it asks for too much: between the two, the search is repeated on shuffled losses.

    Source: Westfall and Young, Resampling-based multiple testing (1993); stopping early: Besag and
    Clifford, Sequential Monte Carlo p-values (1991).
    """
    if best.score > 0:
        return True
    if best.score < _HOPELESS or rows.left > _MOST_TO_SHUFFLE:
        return False
    higher = 0
    for _ in range(_SHUFFLES):
        by_chance = _best(cuts, rows.shuffled(partition, rng))
        higher += by_chance is not None and by_chance.score >= best.score
        if (1 + higher) / (1 + _SHUFFLES) > _ALPHA:
            return False
    return True


def _of_one(cuts: _Cuts, rows: _Rows) -> Iterator[_Candidate]:
    """Score each condition by itself; of each column the best one is returned."""
    if not cuts.fine:
        return
    penalty = log(2 * cuts.singles / _ALPHA)
    spread = _Spread.of(rows.losses[rows.is_left])
    for one in cuts.fine:
        counts, sums = _table(rows, one)
        evidence = spread.evidence(one.covers @ counts, one.covers @ sums, rows)
        at = int(evidence.argmax())
        yield _Candidate((one.conditions[at],), float(evidence[at]) - penalty)


def _of_two(cuts: _Cuts, rows: _Rows) -> Iterator[_Candidate]:
    """Score each two conditions of two columns; of each two columns the best is returned.

    Two conditions have to be worse than each of them alone, or the simpler slice says it all.
    """
    if cuts.pairs == 0:
        return
    penalty = log(2 * cuts.pairs / _ALPHA)
    spread = _Spread.of(rows.losses[rows.is_left])
    for first, second in combinations(cuts.coarse, 2):
        counts, sums = (
            first.covers @ table @ second.covers.T for table in _table(rows, first, second)
        )
        evidence = spread.evidence(counts, sums, rows)
        is_hopeful = evidence > penalty + _HOPELESS
        for place in np.argsort(-evidence, axis=None)[: int(is_hopeful.sum())]:
            one, other = np.unravel_index(place, evidence.shape)
            number, total = float(counts[one, other]), float(sums[one, other])
            parents = (_holds(first, int(one)), _holds(second, int(other)))
            if all(_beyond(parent, number, total, rows) > _BEYOND_PARENT for parent in parents):
                where = (first.conditions[one], second.conditions[other])
                yield _Candidate(where, float(evidence[one, other]) - penalty)
                break


def _beyond(parent: Flags, number: float, total: float, rows: _Rows) -> float:
    """Say how strongly a slice is worse than the larger one that it is part of."""
    spread = _Spread.of(rows.losses[parent & rows.is_left])
    return float(spread.bound(np.array([number]), np.array([total]))[0])


def _holds(of: Cut, condition: int) -> Flags:
    return np.append(of.covers[condition] > 0, [False])[of.cell]


def _table(rows: _Rows, *cuts: Cut) -> tuple[Floats, Floats]:
    """Count the rows that are left, and add up their losses, by cell of one column or two."""
    shape = tuple(one.cells + 1 for one in cuts)
    place = cuts[0].cell
    for one in cuts[1:]:
        place = place * (one.cells + 1) + one.cell
    inner = tuple(slice(0, one.cells) for one in cuts)
    size = int(np.prod(shape))
    counts, sums = (
        np.asarray(np.bincount(place, of * rows.is_left, size), np.float64).reshape(shape)[inner]
        for of in (np.ones(1), rows.losses)
    )
    return counts, sums


@dataclass(frozen=True)
class _Spread:
    """How losses are spread that know nothing of the slice."""

    mean: float
    variance: float
    above: float
    """How far the largest lies above the mean."""

    @classmethod
    def of(cls, losses: Floats) -> "_Spread":
        mean = float(losses.mean())
        return cls(mean, float(losses.var()), float(losses.max()) - mean)

    def evidence(self, counts: Floats, sums: Floats, rows: _Rows) -> Floats:
        """Bound what chance can do; minus infinity for what is too small, or nearly everything."""
        is_large = (counts >= rows.minimum) & (rows.left - counts >= rows.minimum)
        return np.where(is_large, self.bound(counts, sums), -np.inf)

    def bound(self, counts: Floats, sums: Floats) -> Floats:
        """Return minus the log of Bennett's bound on the chance of so high a mean; >= 0."""
        if self.variance <= 0 or self.above <= 0:
            return np.zeros_like(sums)
        excess = np.maximum(sums / np.maximum(counts, 1) - self.mean, 0)
        size = self.above * excess / self.variance
        nats = counts * self.variance / self.above**2 * ((1 + size) * np.log1p(size) - size)
        return np.asarray(nats)


def _less_mean_of_day(losses: Floats, partition: NDArray[np.intp]) -> Floats:
    sums = np.bincount(partition, losses)
    means = sums / np.maximum(np.bincount(partition), 1)
    return losses - means[partition]


def _proposed(
    where: Where, is_in: Flags, losses: Floats, partition: NDArray[np.intp], looked_at: int
) -> ProposedSlice | None:
    """Put a candidate into numbers; `None` when it is no matter, or the days do not agree."""
    inside, outside = losses[is_in], losses[~is_in]
    loss, elsewhere = float(inside.mean()), float(outside.mean())
    columns = (inside_sum := losses * is_in, is_in, losses - inside_sum, ~is_in)
    between = estimate(
        lambda s: s[..., 0] / s[..., 1] - s[..., 2] / s[..., 3], grouped(partition).sums(*columns)
    )
    is_steady = between is not None and (between.low is None or between.low > 0)
    if loss < _LEAST_RATIO * elsewhere or not is_steady:
        return None
    z = sqrt(2 * log(2 * looked_at / _ALPHA))  # the normal tail is below exp(-z * z / 2)
    error = z * sqrt(float(inside.var()) / len(inside) + float(outside.var()) / len(outside))
    middle = loss - elsewhere
    return ProposedSlice(
        where=where,
        rows=len(inside),
        loss=loss,
        elsewhere=elsewhere,
        excess=Estimate(middle=middle, low=middle - error, high=middle + error),
    )
