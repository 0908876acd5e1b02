"""Find parts of the rows, of one condition or two, where a version loses more than elsewhere.

All of them are looked at, level by level as in SliceLine, and each proposal has to hold although
so many were looked at.

Source: Sagadeeva and Boehm, SliceLine: fast, linear-algebra-based slice finding for ML model
debugging (SIGMOD 2021), for the search as products of small tables; what counts as bad is ours.
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
from functions.ml.judging.intervals import estimate, grouped
from functions.ml.judging.slice_cells import Cut, cut
from functions.ml.judging.slice_evidence import Rows, Spread, spread_within, table_of
from functions.ml.where import mask

_ALPHA: Final = 0.05  # how often at most it proposes anything where nothing is worse
_MOST: Final = 5  # proposals; more would not be read
_LEAST_RATIO: Final = 1.1  # a loss that is higher by less is not worth a name
_FINE, _COARSE = 20, 10  # cells of a number, for one condition and for two
_BEYOND_PARENT: Final = log(100)  # evidence that two conditions need beyond each of them alone
_HOPELESS: Final = -6.0  # nats: shuffled losses reach this score more often than not
_SHUFFLES: Final = 39  # of which one may reach a score that is beyond chance
_MOST_TO_SHUFFLE: Final = 20_000  # rows; with more, what Bonferroni misses is small


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
    rows = Rows(_less_mean_of_day(losses, partition), np.ones(len(losses), np.bool_), 0)
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


def _best(cuts: _Cuts, rows: Rows) -> _Candidate | None:
    candidates = [*_of_one(cuts, rows), *_of_two(cuts, rows)]
    return max(candidates, key=lambda candidate: candidate.score, default=None)


def _is_beyond_chance(
    best: _Candidate,
    cuts: _Cuts,
    rows: Rows,
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


def _of_one(cuts: _Cuts, rows: Rows) -> Iterator[_Candidate]:
    """Score each condition by itself; of each column the best one is returned."""
    if not cuts.fine:
        return
    penalty = log(2 * cuts.singles / _ALPHA)
    spread = Spread.of(rows.losses[rows.is_left])
    for one in cuts.fine:
        counts, sums = table_of(rows, one)
        evidence = spread.evidence(one.covers @ counts, one.covers @ sums, rows)
        at = int(evidence.argmax())
        yield _Candidate((one.conditions[at],), float(evidence[at]) - penalty)


def _of_two(cuts: _Cuts, rows: Rows) -> Iterator[_Candidate]:
    """Score each two conditions of two columns; of each two columns the best is returned.

    Two conditions have to be worse than each of them alone, or the simpler slice says it all.
    """
    if cuts.pairs == 0:
        return
    penalty = log(2 * cuts.pairs / _ALPHA)
    spread = Spread.of(rows.losses[rows.is_left])
    alone = [spread_within(rows, one) for one in cuts.coarse]
    for (first, in_first), (second, in_second) in combinations(
        zip(cuts.coarse, alone, strict=True), 2
    ):
        counts, sums = (
            first.covers @ table @ second.covers.T for table in table_of(rows, first, second)
        )
        evidence = spread.evidence(counts, sums, rows)
        is_beyond = in_first.down().bound(counts, sums) > _BEYOND_PARENT
        is_beyond &= in_second.bound(counts, sums) > _BEYOND_PARENT
        evidence[~is_beyond] = -np.inf
        one, other = np.unravel_index(int(evidence.argmax()), evidence.shape)
        score = float(evidence[one, other]) - penalty
        yield _Candidate((first.conditions[one], second.conditions[other]), score)


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
