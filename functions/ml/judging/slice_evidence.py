"""How strongly a part of the rows speaks for being worse: counts, sums, and what chance can do.

Source: the bound of Bennett (1962), valid for samples without replacement by Hoeffding,
Probability inequalities for sums of bounded random variables (1963), theorem 4.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.arrays import Flags, Floats
from functions.ml.judging.slice_cells import Cut

_TINY: Final = 1e-12  # a variance below is that of losses that are all the same


@dataclass(frozen=True)
class Rows:
    """The rows that no proposal explains yet."""

    losses: Floats
    """Shape (rows,): less the mean of the day, so that a hard day blames no slice."""
    is_left: Flags
    minimum: int
    """A slice, and what is left beside it, has at least so many."""

    @property
    def left(self) -> int:
        """How many."""
        return int(self.is_left.sum())

    def shuffled(self, partition: NDArray[np.intp], rng: np.random.Generator) -> "Rows":
        """Deal the losses of each day to its rows anew: now no slice has to do with them."""
        at = np.flatnonzero(self.is_left)
        losses = self.losses.copy()
        losses[at] = losses[at][np.lexsort((rng.random(len(at)), partition[at]))]
        return replace(self, losses=losses)


@dataclass(frozen=True)
class Spread:
    """How losses are spread that know nothing of the slice: of all rows, or of each condition."""

    mean: Floats
    variance: Floats
    above: Floats
    """How far the largest lies above the mean."""

    @classmethod
    def of(cls, losses: Floats) -> "Spread":
        """Say how these losses, shape (rows,), are spread."""
        mean = losses.mean()
        return cls(np.asarray(mean), np.asarray(losses.var()), np.asarray(losses.max() - mean))

    def down(self) -> "Spread":
        """Turn it so that the conditions go down a table, not across."""
        return Spread(*(of[:, np.newaxis] for of in (self.mean, self.variance, self.above)))

    def evidence(self, counts: Floats, sums: Floats, rows: Rows) -> Floats:
        """Bound what chance can do; minus infinity for what is too small, or nearly everything."""
        is_large = (counts >= rows.minimum) & (rows.left - counts >= rows.minimum)
        return np.where(is_large, self.bound(counts, sums), -np.inf)

    def bound(self, counts: Floats, sums: Floats) -> Floats:
        """Return minus the log of Bennett's bound on the chance of so high a mean; >= 0."""
        varies = (self.variance > _TINY) & (self.above > _TINY)
        variance, above = np.where(varies, self.variance, 1), np.where(varies, self.above, 1)
        excess = np.maximum(sums / np.maximum(counts, 1) - self.mean, 0)
        size = above * excess / variance
        nats = counts * variance / above**2 * ((1 + size) * np.log1p(size) - size)
        return np.asarray(np.where(varies, nats, 0))


def spread_within(rows: Rows, of: Cut) -> "Spread":
    """Say how the losses of each condition's rows are spread; arrays of shape (conditions,)."""
    counts, sums = table_of(rows, of)
    squares = np.bincount(of.cell, rows.losses**2 * rows.is_left, of.cells + 1)[: of.cells]
    highest = np.full(of.cells + 1, -np.inf)
    np.maximum.at(highest, of.cell[rows.is_left], rows.losses[rows.is_left])
    number = np.maximum(of.covers @ counts, 1)
    mean = (of.covers @ sums) / number
    variance = np.maximum((of.covers @ squares) / number - mean**2, 0)
    top = np.where(of.covers > 0, highest[: of.cells], -np.inf).max(axis=1)
    return Spread(mean, variance, np.where(np.isfinite(top), top - mean, 0))


def table_of(rows: Rows, *cuts: Cut) -> tuple[Floats, Floats]:
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
