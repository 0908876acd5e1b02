"""Where the bins lie on which distributions are compared; frozen with the reference."""

from collections.abc import Mapping, Sequence

import numpy as np

from functions.ml.stability import Counts, Floats

_BINS = 10
_TAILS = (0.01, 0.99)  # errors of unit and scale show there first
_MOST_WORDS = 200  # a column with more categories is an identifier; the rest count as others


def freeze_edges(values: Floats) -> Floats:
    """Choose edges so that each bin holds about as many of these values, finer in the tails.

    A value that is more frequent than a bin, such as no rain at all, gets a bin of its own.

    Args:
        values: shape (rows,), finite, the whole trusted window.

    Returns:
        shape (edges,), rising; empty when there are no values.
    """
    if not len(values):
        return np.empty(0)
    inner = np.linspace(0, 1, _BINS + 1)[1:-1]
    quantiles = np.quantile(values, np.sort([*_TAILS, *inner]), method="inverted_cdf")
    edges, times = np.unique(quantiles, return_counts=True)
    just_above = np.nextafter(edges[times > 1], np.inf)
    return np.union1d(edges, just_above)


def count_numbers(values: Floats, edges: Floats) -> Counts:
    """Count the values below the first edge, from each edge up to the next, from the last on.

    Args:
        values: shape (rows,), finite.
        edges: shape (edges,), rising.

    Returns:
        shape (edges + 1,).
    """
    return np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)


def freeze_words(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Choose the categories that are counted one by one: the most frequent, then by name."""
    by_frequency = sorted(counts, key=lambda word: (-counts[word], word))
    return tuple(by_frequency[:_MOST_WORDS])


def count_words(counts: Mapping[str, int], words: Sequence[str]) -> Counts:
    """Count the known categories in the order of `words`, and all others behind them.

    Returns:
        shape (words + 1,).
    """
    known = [counts.get(word, 0) for word in words]
    return np.array([*known, sum(counts.values()) - sum(known)], dtype=np.int64)
