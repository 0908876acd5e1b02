"""The statistics of a history, computed from its summaries."""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from functions.arrays import Counts, Floats, ShortFloats
from functions.ml.checking.column_profile import Fact
from functions.ml.checking.quantiles import around_quantiles, side_by_side, side_by_side_edges
from functions.ml.checking.ruler import LARGEST, NumberRuler, Ruler, WordRuler
from functions.ml.checking.series import ROWS, Series, Statistic, crowding, spread, standard
from functions.ml.checking.summary import Summary

_MOST_WORDS = 12  # followed one by one
_LEAST_WORD = 0.02  # of the rows: rarer words only count together

_OF_ALL = (Statistic.NULLS, Statistic.DISTINCT)
_OF_NUMBERS = (
    Statistic.ZEROS,
    Statistic.NEGATIVES,
    Statistic.MINUS_ONES,
    Statistic.FRACTIONS,
    Statistic.FAR,
    Statistic.PEAK,
    Statistic.MEAN,
    Statistic.SPREAD,
    Statistic.LOW,
    Statistic.HIGH,
)
_OF_WORDS = (
    Statistic.LENGTH,
    Statistic.PADDED,
    Statistic.FOREIGN,
    Statistic.UPPER,
    Statistic.LOWER,
    Statistic.PEAK,
    Statistic.ENTROPY,
    Statistic.NEW,
)
_NUMBER_FACTS = (Fact.ZEROS, Fact.NEGATIVES, Fact.MINUS_ONES, Fact.FRACTIONS)
_WORD_FACTS = (Fact.LETTERS, Fact.PADDED, Fact.FOREIGN, Fact.UPPER, Fact.LOWER)
_QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_AT_ONCE = 6  # columns of numbers: few enough to stay in the processor's cache


def statistics(history: Summary, ruler: Ruler) -> tuple[list[Series], Floats]:
    """Compute all statistics of many partitions but `SHAPE`, which needs a past.

    Args:
        history: shape (partitions, ...).
        ruler: what they were measured with.

    Returns:
        what each is about, and shape (partitions, statistics): not-a-number where a partition
        says nothing.
    """
    of_columns = [_series_of(name, rule) for name, rule in ruler.columns.items()]
    of_rows = [Series(ROWS, Statistic.DUPLICATES), Series(ROWS, Statistic.ROWS)]
    series = [*chain.from_iterable(of_columns), *of_rows]
    begins = np.cumsum([0, *map(len, of_columns)])
    values = np.empty((len(history), len(series)))
    table = _Table(history, ruler)
    for few in table.few_numbers():
        of_few = table.of_numbers(few)
        values[:, begins[few][:, None] + np.arange(len(of_few))] = of_few.transpose(1, 2, 0)
    for i, rule in enumerate(ruler.columns.values()):
        if isinstance(rule, WordRuler):
            values[:, begins[i] : begins[i + 1]] = table.of_words(i, rule).T
    values[:, -2] = history.duplicates
    values[:, -1] = np.log(np.maximum(history.rows, 1))
    return series, values


def all_shares(history: Summary, ruler: Ruler, some: slice = slice(None)) -> Floats:
    """Turn the counts of each column into shares of its filled rows; shape (partitions, bins).

    Args:
        history: shape (partitions, ...).
        ruler: what they were measured with.
        some: which columns, at least one.
    """
    starts, ends = ruler.offsets[:-1][some], ruler.offsets[1:][some]
    shares = history.counts[:, starts[0] : ends[-1]].astype(np.float64)
    totals = np.add.reduceat(shares, starts - starts[0], axis=1)
    shares /= np.maximum(np.repeat(totals, ends - starts, axis=1), 1)
    return shares


def _series_of(name: str, rule: NumberRuler | WordRuler) -> list[Series]:
    """Name the statistics of a column, in the order in which they are computed."""
    if isinstance(rule, WordRuler):
        found = [Series(name, kind) for kind in (*_OF_ALL, *_OF_WORDS)]
        return [*found, *(Series(name, Statistic.WORD, word) for word in _followed(rule))]
    finer = {Statistic.FRACTIONS: Statistic.DECIMALS} if rule.decimals else {}
    found = [Series(name, finer.get(kind, kind)) for kind in (*_OF_ALL, *_OF_NUMBERS)]
    return [*found, *(Series(name, Statistic.QUANTILE, p) for p in _QUANTILES)]


def _followed(rule: WordRuler) -> list[str]:
    """Name the words that are followed one by one: the first of a ruler's, as they are rarer on."""
    often = zip(rule.words[:_MOST_WORDS], rule.shares, strict=False)
    return [word for word, usual in often if usual >= _LEAST_WORD]


class _Table:
    """Partitions on their ruler, of which columns are turned into statistics."""

    def __init__(self, history: Summary, ruler: Ruler) -> None:
        self._history, self._offsets = history, ruler.offsets
        self._rules = tuple(ruler.columns.values())
        rows, nulls = history.rows[:, None], history.facts[..., Fact.NULLS]
        self._filled = np.where(rows > nulls, rows - nulls, np.nan)  # (partitions, columns)

    def few_numbers(self) -> Iterator[Counts]:
        """Say where the columns of numbers stand, a few at a time."""
        numbers = [i for i, rule in enumerate(self._rules) if isinstance(rule, NumberRuler)]
        return (
            np.array(numbers[begin : begin + _AT_ONCE])
            for begin in range(0, len(numbers), _AT_ONCE)
        )

    def of_numbers(self, which: Counts) -> Floats:
        """Compute the statistics of some columns of numbers, in the order of `_series_of`.

        Returns:
            shape (statistics, partitions, columns).
        """
        rules = [rule for i in which if isinstance(rule := self._rules[i], NumberRuler)]
        centre, unit = np.array([[rule.centre, rule.unit] for rule in rules]).T
        filled, facts = self._filled[:, which], self._history.facts[:, which]
        mean = facts[..., Fact.TOTAL] / filled
        variance = np.maximum(facts[..., Fact.SQUARES] / filled - mean**2, 0)
        ends = self._history.lows[:, which], self._history.highs[:, which]
        low, high = np.where(np.isfinite(filled), np.clip(ends, -LARGEST, LARGEST), np.nan)
        low, high = standard(low, centre, unit), standard(high, centre, unit)
        counts = side_by_side([self._counts(i) for i in which])
        edges = standard(side_by_side_edges(rules), centre, unit)
        return np.stack(
            [
                *self._of_all(which),
                *(facts[..., fact] / filled for fact in _NUMBER_FACTS),
                self._outside(which) / filled,
                counts.max(axis=0) / filled,
                mean,
                spread(variance),
                low,
                high,
                *around_quantiles(counts, edges, low, high, _QUANTILES),
            ]
        )

    def of_words(self, i: int, rule: WordRuler) -> Floats:
        """Compute the statistics of a column of words, in the order of `_series_of`.

        Returns:
            shape (statistics, partitions).
        """
        filled, facts = self._filled[:, i], self._history.facts[:, i]
        shares = self._counts(i) / filled[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = np.where(shares > 0, shares * np.log(shares), 0)
        return np.stack(
            [
                *self._of_all(i),
                *(facts[:, fact] / filled for fact in _WORD_FACTS),
                shares[:, :-1].max(axis=1, initial=0),
                np.where(np.isfinite(filled), -parts.sum(axis=1), np.nan),
                self._history.new[:, i] / filled,
                *shares.T[: len(_followed(rule))],
            ]
        )

    def _of_all(self, which: Counts | int) -> tuple[Floats, Floats]:
        """Compute what `_OF_ALL` names; shape (partitions, ...) as `which` says."""
        nulls = self._history.facts[:, which, Fact.NULLS]
        distinct, filled = self._history.distinct[:, which], self._filled[:, which]
        return (nulls.T / np.maximum(self._history.rows, 1)).T, crowding(distinct, filled)

    def _outside(self, which: Counts) -> Floats:
        """Count the rows beyond where anything was ever seen, if anything was."""
        first, behind = self._offsets[which], self._offsets[which + 1]
        every = self._history.counts[:, first] + self._history.counts[:, behind - 1]
        return np.asarray(every * (behind > first + 1))

    def _counts(self, i: int) -> ShortFloats:
        return self._history.counts[:, self._offsets[i] : self._offsets[i + 1]]
