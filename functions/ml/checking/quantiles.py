"""Quantiles of columns of numbers, read off the counts of their bins; many partitions at once."""

from collections.abc import Sequence

import numpy as np

from functions.arrays import Floats, ShortFloats
from functions.ml.checking.ruler import NumberRuler

_NEAR = 0.4  # of the way to the nearer end: so far the ranks around a quantile reach


def side_by_side(counts: Sequence[Floats | ShortFloats]) -> Floats:
    """Put the bins of columns side by side; what a column has fewer of are empty.

    Args:
        counts: of each column, shape (partitions, bins), each with bins of its own.

    Returns:
        shape (bins, partitions, columns).
    """
    most = max(of.shape[1] for of in counts)
    together = np.zeros((most, len(counts[0]), len(counts)))
    for column, of in enumerate(counts):
        together[: of.shape[1], :, column] = of.T
    return together


def side_by_side_edges(rules: Sequence[NumberRuler]) -> Floats:
    """Say where the bins of `side_by_side` begin, and where the last one ends.

    Returns:
        shape (bins + 1, columns): infinite at both ends.
    """
    edges = np.full((max(rule.bins for rule in rules) + 1, len(rules)), np.inf)
    edges[0] = -np.inf
    for column, rule in enumerate(rules):
        edges[1 : rule.bins, column] = rule.edges
    return edges


def around_quantiles(
    counts: Floats, edges: Floats, low: Floats, high: Floats, quantiles: Sequence[float]
) -> Floats:
    """Average what lies around each quantile, bins being filled evenly.

    A quantile of few different values stays where it is until it jumps, which one row decides;
    an average over the ranks around it moves as far as the rows do.

    Args:
        counts: shape (bins, partitions, columns).
        edges: shape (bins + 1, columns), on the scale that is averaged.
        low: shape (partitions, columns): the smallest value, on the same scale; not-a-number
            where there is none.
        high: of the same shape: the largest.
        quantiles: which ones, 0..1.

    Returns:
        shape (quantiles, partitions, columns).

    Source: Harrell and Davis, A new distribution-free quantile estimator (Biometrika 69, 1982),
    with even weights.
    """
    reach = _NEAR * np.minimum(quantiles, np.subtract(1, quantiles))
    around = np.concatenate([quantiles - reach, quantiles + reach])
    ends = np.clip(edges[:, None], low, high)
    upto, total = np.zeros((2, *ends.shape))
    np.cumsum(counts, axis=0, out=upto[1:])
    np.cumsum(counts * (ends[:-1] + ends[1:]) / 2, axis=0, out=total[1:])
    every = np.maximum(upto[-1], 1)
    ranks = around[:, None, None] * every
    places = _bins_of(ranks, upto) * low.size + np.arange(low.size).reshape(low.shape)
    inside = ranks - upto.take(places)
    begin, end = ends.take(places), ends.take(places + low.size)
    middle = begin + inside / np.maximum(counts.take(places), 1) * (end - begin) / 2
    below, above = np.split(total.take(places) + inside * middle, 2)
    return np.asarray((above - below) / (every * (2 * reach)[:, None, None]))


def _bins_of(ranks: Floats, upto: Floats) -> "np.ndarray[tuple[int, ...], np.dtype[np.intp]]":
    """Say in which bin each rank lies, in one pass over the bins for all partitions."""
    bins = np.full(ranks.shape, -1, dtype=np.int8)
    for rows_before in upto[:-1]:
        bins += rows_before < ranks
    return np.maximum(bins, 0).astype(np.intp)
