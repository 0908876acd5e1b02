"""What columns are measured with: bins, a centre and a unit. Learned once, then frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from functions.arrays import Counts, Flags, Floats, Hashes

_BINS = 32
_TAILS = (0.001, 0.005, 0.02, 0.98, 0.995, 0.999)  # errors of unit and scale show there first
_BEYOND = (0.25, 0.5, 1.0, 2.0, 4.0)  # widths of all that was seen: seasons and growth go there
_REACH = 3.0  # widths beyond which a value counts as the farthest one in means and spreads
LARGEST = 1e100
"""What lies beyond counts as this: squares of larger numbers are infinite."""
_FARTHEST = 1e9  # from what never had a value: sums of squares are kept as numbers of 32 bits
_SMALLEST_UNIT = 1 / LARGEST  # and in a smaller one the largest number is too
_MOST_DECIMALS = 6  # of what is written down; what is computed has more
_ON_GRID = 1e-3  # of a last decimal: numbers of 32 bits are no nearer to it
_FIRST_LOOK = 1000  # values that mostly tell whether there are more decimals
_MOST_WORDS = 40  # counted one by one; all others together
_MOST_RELATED = 64  # in the relations between columns; more would cost more than they tell
_RELATED_WORDS = 6  # of one category


@dataclass(frozen=True)
class NumberRuler:
    """How a column of numbers is measured."""

    edges: Floats
    """Shape (edges,), rising: bins lie below the first, between, and from the last on."""
    centre: float
    unit: float
    """Standard deviation of the trusted rows without their tails, > 0."""
    reach: tuple[float, float]
    """Values beyond are pulled to it before means and spreads are taken."""
    had_nulls: bool
    is_sensitive: bool = False
    decimals: int = 0
    """How many its values have, as whatever is read off a scale or rounded; 0 for whole numbers,
    and where there are more than a person would write down."""

    @property
    def bins(self) -> int:
        """How many counts describe the column."""
        return len(self.edges) + 1

    def standardise(self, values: Floats) -> Floats:
        """Express values in units from the centre; shape as given, not-a-number stays."""
        return np.asarray((np.clip(values, *self.reach) - self.centre) / self.unit)


@dataclass(frozen=True)
class WordRuler:
    """How a column of categories is measured."""

    words: tuple[str, ...]
    """Counted one by one, the most frequent first; all others are counted together."""
    shares: tuple[float, ...]
    """Of each of them, in the trusted rows that have a word; 0..1."""
    hashes: Hashes
    """Shape (known words,), rising: every word of the trusted rows."""
    had_nulls: bool
    is_sensitive: bool = False

    @property
    def bins(self) -> int:
        """How many counts describe the column."""
        return len(self.words) + 1


@dataclass(frozen=True)
class Ruler:
    """How a table is measured: columns by name, each with its own ruler."""

    columns: Mapping[str, NumberRuler | WordRuler]
    related: tuple[tuple[str, str | None], ...]
    """What is held against each other: `(column, None)` a number, `(column, "")` whether it is
    null, `(column, word)` whether it is this word."""

    @classmethod
    def of(cls, columns: Mapping[str, NumberRuler | WordRuler]) -> Self:
        """Measure these columns, and relate as many of them as is worth it."""
        return cls(columns, _related(columns))

    def only(self, names: Sequence[str]) -> Self:
        """Keep some of the columns."""
        columns = {name: rule for name, rule in self.columns.items() if name in names}
        return type(self)(columns, tuple(of for of in self.related if of[0] in columns))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All columns, in the order of every array that has one entry for each."""
        return tuple(self.columns)

    @cached_property
    def rows_related(self) -> Mapping[str, Sequence[tuple[int, str | None]]]:
        """Of each related column, where in `related` it stands and what for."""
        found: dict[str, list[tuple[int, str | None]]] = {}
        for row, (name, what) in enumerate(self.related):
            found.setdefault(name, []).append((row, what))
        return found

    @cached_property
    def offsets(self) -> Counts:
        """Shape (columns + 1,): where the counts of each column begin, and where the last end."""
        return np.cumsum([0, *(column.bins for column in self.columns.values())])


def rule_numbers(
    values: Floats,
    *,
    had_nulls: bool,
    ends: tuple[float, float] | None = None,
    decimals: int | None = None,
) -> NumberRuler:
    """Learn how to measure a column of numbers.

    Bins hold about as many trusted values each, finer in the tails and going on beyond them; a
    value that is more frequent than a bin, such as no rain at all, gets a bin of its own.

    Args:
        values: shape (rows,), finite, the whole trusted window, or a sample of it.
        had_nulls: whether rows without a value were usual.
        ends: the smallest and the largest value of the window; `None`: those of `values`.
        decimals: how many values have; `None`: those of `values`.
    """
    if not len(values):
        return NumberRuler(np.empty(0), 0.0, 1.0, (-_FARTHEST, _FARTHEST), had_nulls)
    values = np.clip(values, -LARGEST, LARGEST)
    inner = np.linspace(0, 1, _BINS + 1)[1:-1]
    at = np.sort([0.0, *_TAILS, *inner, 1.0])
    quantiles = np.quantile(values, at, method="inverted_cdf")
    if ends is not None:
        quantiles[[0, -1]] = np.clip(ends, -LARGEST, LARGEST)
    low, high = np.quantile(values, (0.005, 0.995))
    width = max(float(high - low), float(np.finfo(np.float64).tiny))
    edges, times = np.unique(quantiles, return_counts=True)
    just_above = np.nextafter(edges[times > 1], np.inf)
    beyond = [quantiles[0] - w * width for w in _BEYOND] + [
        quantiles[-1] + w * width for w in _BEYOND
    ]
    edges = np.unique(np.concatenate([edges, just_above, beyond]))
    inside = np.clip(values, low, high)
    unit = float(inside.std()) or abs(float(inside.mean())) or 1.0
    reach = (float(low) - _REACH * width, float(high) + _REACH * width)
    return NumberRuler(
        edges[np.isfinite(edges)],
        float(inside.mean()),
        max(unit, _SMALLEST_UNIT),
        reach,
        had_nulls,
        decimals=decimals_of(values) if decimals is None else decimals,
    )


def have_more_decimals(values: Floats, decimals: int) -> Flags:
    """Say which values are not written with so many decimals; shape as given.

    >>> have_more_decimals(np.array([0.24, 0.3048, 2.0]), 2).tolist()
    [False, True, False]
    """
    scaled = np.clip(values, -LARGEST, LARGEST) * 10.0**decimals
    return np.asarray(np.abs(scaled - np.rint(scaled)) > _ON_GRID)


def decimals_of(values: Floats) -> int:
    """Say how many decimals values have; 0 where there are more than a person would write down.

    >>> decimals_of(np.array([0.24, 2.5])), decimals_of(np.array([2.0, 1 / 3]))
    (2, 0)
    """
    for decimals in range(_MOST_DECIMALS + 1):
        if not have_more_decimals(values[:_FIRST_LOOK], decimals).any():
            return decimals if not have_more_decimals(values, decimals).any() else 0
    return 0


def rule_words(counts: Mapping[str, int], hashes: Hashes, *, had_nulls: bool) -> WordRuler:
    """Learn how to measure a column of categories.

    Args:
        counts: rows of each word in the trusted window.
        hashes: shape (words,), of all these words.
        had_nulls: whether rows without a value were usual.
    """
    by_frequency = sorted(counts, key=lambda word: (-counts[word], word))
    words = tuple(by_frequency[:_MOST_WORDS])
    shares = tuple(counts[word] / sum(counts.values()) for word in words)
    return WordRuler(words, shares, np.unique(hashes), had_nulls)


def _related(
    columns: Mapping[str, NumberRuler | WordRuler],
) -> tuple[tuple[str, str | None], ...]:
    numbers = [(n, None) for n, c in columns.items() if isinstance(c, NumberRuler)]
    nulls = [(name, "") for name, column in columns.items() if column.had_nulls]
    words = [
        (name, word)
        for name, column in columns.items()
        if isinstance(column, WordRuler)
        for word in column.words[:_RELATED_WORDS]
        if word
    ]
    every: Sequence[tuple[str, str | None]] = [*numbers, *nulls, *words]
    return tuple(every[:_MOST_RELATED])
