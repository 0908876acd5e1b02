"""Quantiles of columns of numbers, read off the counts of their bins; many partitions at once."""

from collections.abc import Sequence

import numpy as np

from functions.arrays import Floats, ShortFloats
from functions.ml.checking.ruler import NumberRuler


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


def quantiles_of(
    counts: Floats,
    rules: Sequence[NumberRuler],
    low: Floats,
    high: Floats,
    wanted: Sequence[float],
) -> Floats:
    """Read quantiles off the bins, straight between their ends, the outer ones lying at low, high.

    Args:
        counts: shape (bins, partitions, columns), of `side_by_side`.
        rules: of each column.
        low: shape (partitions, columns): the smallest value; not-a-number where there is none.
        high: of the same shape.
        wanted: which quantiles, 0..1.

    Returns:
        shape (quantiles, partitions, columns).
    """
    upto = np.zeros((len(counts) + 1, *low.shape))
    np.cumsum(counts, axis=0, out=upto[1:])
    rows = upto[-1] * np.reshape(wanted, (-1, 1, 1))
    bins = np.full(rows.shape, -1, dtype=np.int8)
    for rows_before in upto[:-1]:  # a bin after the other: each is held against all partitions
        bins += rows_before < rows
    bins = np.maximum(bins, 0).astype(np.intp)
    places = bins * low.size + np.arange(low.size).reshape(low.shape)
    way = np.clip((rows - upto.take(places)) / np.maximum(counts.take(places), 1), 0, 1)
    ends = bins * len(rules) + np.arange(len(rules))
    edges = _edges(rules, len(counts))
    begin, end = (np.clip(edges.take(at), low, high) for at in (ends, ends + len(rules)))
    return np.asarray(begin + way * (end - begin))


def _edges(rules: Sequence[NumberRuler], bins: int) -> Floats:
    """Say where each bin of each column begins, and where the last one ends."""
    edges = np.full((bins + 1, len(rules)), np.inf)
    edges[0] = -np.inf
    for column, rule in enumerate(rules):
        edges[1 : rule.bins, column] = rule.edges
    return edges
