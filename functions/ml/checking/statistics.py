"""A summary as numbers that can be compared from partition to partition."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from functions.arrays import Floats
from functions.ml.checking.column_profile import Fact
from functions.ml.checking.ruler import LARGEST, NumberRuler, Ruler, WordRuler
from functions.ml.checking.summary import Summary

ROWS = "rows"
"""Stands for the partition as a whole, where a column would stand."""
_LEAST_SPREAD = 0.02  # keeps the logarithm of a constant column finite
_MOST_WORDS = 12  # followed one by one
_A_TRIFLE = 1e-9  # of a row, or of a column's unit: what rounding leaves
_LEAST_WORD = 0.02  # of the rows: rarer words only count together


class Statistic(StrEnum):
    """What is compared."""

    NULLS = "nulls"
    DISTINCT = "distinct"
    PEAK = "peak"
    ZEROS = "zeros"
    NEGATIVES = "negatives"
    MINUS_ONES = "minus ones"
    FRACTIONS = "fractions"
    DECIMALS = "decimals"
    FAR = "far"
    MEAN = "mean"
    SPREAD = "spread"
    LOW = "low"
    HIGH = "high"
    QUANTILE = "quantile"
    ENTROPY = "entropy"
    LENGTH = "length"
    PADDED = "padded"
    FOREIGN = "foreign"
    UPPER = "upper"
    LOWER = "lower"
    NEW = "new"
    WORD = "word"
    SHAPE = "shape"
    DUPLICATES = "duplicates"
    ROWS = "rows"


SHARES = frozenset(
    {
        Statistic.NULLS,
        Statistic.PEAK,
        Statistic.ZEROS,
        Statistic.NEGATIVES,
        Statistic.MINUS_ONES,
        Statistic.FRACTIONS,
        Statistic.DECIMALS,
        Statistic.FAR,
        Statistic.PADDED,
        Statistic.FOREIGN,
        Statistic.UPPER,
        Statistic.LOWER,
        Statistic.NEW,
        Statistic.WORD,
        Statistic.DUPLICATES,
    }
)
_NUMBER_SHARES = {
    Statistic.ZEROS: Fact.ZEROS,
    Statistic.NEGATIVES: Fact.NEGATIVES,
    Statistic.MINUS_ONES: Fact.MINUS_ONES,
}
_WORD_MEANS = {
    Statistic.LENGTH: Fact.LETTERS,
    Statistic.PADDED: Fact.PADDED,
    Statistic.FOREIGN: Fact.FOREIGN,
    Statistic.UPPER: Fact.UPPER,
    Statistic.LOWER: Fact.LOWER,
}
_QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_NEAR = 0.4  # of the way to the nearer end: so far the ranks around a quantile reach
_AROUND = np.array([p + side * _NEAR * min(p, 1 - p) for side in (-1, 1) for p in _QUANTILES])
_MANY = len(_QUANTILES)


@dataclass(frozen=True)
class Series:
    """What one statistic is about."""

    column: str
    kind: Statistic
    detail: float | str | None = None
    """Which quantile, 0..1, or which word."""

    @property
    def group(self) -> str:
        """What is scored together: a column, or one thing about the rows as a whole."""
        return self.kind if self.column == ROWS else self.column


def statistics(history: Summary, ruler: Ruler) -> tuple[list[Series], Floats]:
    """Compute all statistics of many partitions but `SHAPE`, which needs a past.

    Args:
        history: shape (partitions, ...).
        ruler: what they were measured with.

    Returns:
        what each is about, and shape (partitions, statistics): not-a-number where a partition
        says nothing.
    """
    found: dict[Series, Floats] = {}
    for i, (name, rule) in enumerate(ruler.columns.items()):
        counts = history.counts[:, ruler.offsets[i] : ruler.offsets[i + 1]].astype(np.float64)
        nulls = history.facts[:, i, Fact.NULLS]
        filled = np.where(history.rows > nulls, history.rows - nulls, np.nan)
        found[Series(name, Statistic.NULLS)] = nulls / np.maximum(history.rows, 1)
        found[Series(name, Statistic.DISTINCT)] = crowding(history.distinct[:, i], filled)
        of_column = (
            _of_numbers(name, history, i, counts, filled, rule)
            if isinstance(rule, NumberRuler)
            else _of_words(name, history, i, counts, filled, rule)
        )
        found.update(of_column)
    found[Series(ROWS, Statistic.DUPLICATES)] = history.duplicates
    found[Series(ROWS, Statistic.ROWS)] = np.log(np.maximum(history.rows, 1))
    return list(found), np.stack(list(found.values()), axis=1)


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


def crowding(distinct: Floats, filled: Floats) -> Floats:
    """Put a number of distinct values on a scale that depends little on the number of rows."""
    return np.asarray(np.log1p(distinct) - 0.5 * np.log1p(filled))


def uncrowded(crowding: Floats, filled: Floats) -> Floats:
    """Undo `crowding`: how many distinct values there were."""
    return np.asarray(np.expm1(crowding + 0.5 * np.log1p(filled)))


def standard(value: Floats, rule: NumberRuler) -> Floats:
    """Put a value on a scale where a column's usual values lie between -1 and 1."""
    inside = np.clip(value, -LARGEST, LARGEST)
    return np.asarray(np.arcsinh((inside - rule.centre) / rule.unit))


def in_units(series: Series, value: Floats, rule: NumberRuler | WordRuler | None) -> Floats:
    """Undo the scale of a statistic, for a sentence."""
    if series.kind is Statistic.ROWS:
        return np.exp(value)
    if not isinstance(rule, NumberRuler):
        return value
    if series.kind is Statistic.MEAN:
        return rule.centre + rule.unit * value
    if series.kind is Statistic.SPREAD:
        return rule.unit * np.maximum(np.exp(value) - _LEAST_SPREAD, 0)
    if series.kind in {Statistic.LOW, Statistic.HIGH, Statistic.QUANTILE}:
        found = rule.centre + rule.unit * np.sinh(value)
        return np.where(np.abs(found) < _A_TRIFLE * rule.unit, 0.0, found)
    return value


def _of_numbers(  # noqa: PLR0913, PLR0917 - one column: what it is, and what is known of it
    name: str, history: Summary, i: int, counts: Floats, filled: Floats, rule: NumberRuler
) -> dict[Series, Floats]:
    facts = history.facts[:, i]
    found = {Series(name, k): facts[:, fact] / filled for k, fact in _NUMBER_SHARES.items()}
    finer = Statistic.DECIMALS if rule.decimals else Statistic.FRACTIONS
    found[Series(name, finer)] = facts[:, Fact.FRACTIONS] / filled
    mean = facts[:, Fact.TOTAL] / filled
    variance = np.maximum(facts[:, Fact.SQUARES] / filled - mean**2, 0)
    is_filled = np.isfinite(filled)
    low = np.where(is_filled, history.lows[:, i], np.nan)
    high = np.where(is_filled, history.highs[:, i], np.nan)
    outside = (counts[:, 0] + counts[:, -1]) * bool(len(rule.edges))  # where anything was ever seen
    found[Series(name, Statistic.FAR)] = outside / filled
    found[Series(name, Statistic.PEAK)] = counts.max(axis=1) / filled
    found[Series(name, Statistic.MEAN)] = mean
    found[Series(name, Statistic.SPREAD)] = np.log(np.sqrt(variance) + _LEAST_SPREAD)
    found[Series(name, Statistic.LOW)] = standard(low, rule)
    found[Series(name, Statistic.HIGH)] = standard(high, rule)
    ends = found[Series(name, Statistic.LOW)], found[Series(name, Statistic.HIGH)]
    quantiles = _quantiles(counts, standard(rule.edges, rule), *ends)
    for p, values in zip(_QUANTILES, quantiles.T, strict=True):
        found[Series(name, Statistic.QUANTILE, p)] = values
    return found


def _of_words(  # noqa: PLR0913, PLR0917 - as above
    name: str, history: Summary, i: int, counts: Floats, filled: Floats, rule: WordRuler
) -> dict[Series, Floats]:
    shares = counts / filled[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(shares > 0, shares * np.log(shares), 0)
    entropy = np.where(np.isfinite(filled), -parts.sum(axis=1), np.nan)
    facts = history.facts[:, i]
    found = {Series(name, k): facts[:, fact] / filled for k, fact in _WORD_MEANS.items()}
    found[Series(name, Statistic.PEAK)] = shares[:, :-1].max(axis=1, initial=0)
    found[Series(name, Statistic.ENTROPY)] = entropy
    found[Series(name, Statistic.NEW)] = history.new[:, i] / filled
    for word, usual, share in zip(rule.words[:_MOST_WORDS], rule.shares, shares.T, strict=False):
        if usual >= _LEAST_WORD:
            found[Series(name, Statistic.WORD, word)] = share
    return found


def _quantiles(counts: Floats, edges: Floats, low: Floats, high: Floats) -> Floats:
    """Average what lies around each quantile, bins being filled evenly.

    A quantile of few different values stays where it is until it jumps, which one row decides;
    an average over the ranks around it moves as far as the rows do.

    Args:
        counts: shape (partitions, bins).
        edges: shape (bins - 1,), on the scale that is averaged.
        low: shape (partitions,), where the first bin begins.
        high: shape (partitions,), where the last one ends.

    Returns:
        shape (partitions, quantiles).

    Source: Harrell and Davis, A new distribution-free quantile estimator (Biometrika 69, 1982),
    with even weights.
    """
    partitions, bins = counts.shape
    ends = np.empty((partitions, bins + 1))
    ends[:, 1:-1] = edges
    ends[:, 0], ends[:, -1] = low, high
    np.clip(ends, low[:, None], high[:, None], out=ends)
    upto, total = np.zeros((2, partitions, bins + 1))
    np.cumsum(counts, axis=1, out=upto[:, 1:])
    np.cumsum(counts * (ends[:, :-1] + ends[:, 1:]) / 2, axis=1, out=total[:, 1:])
    rows = np.maximum(upto[:, -1:], 1)
    each = np.arange(partitions)[:, None]  # added to shares, so that one search serves all
    found = np.searchsorted((upto / rows + each).ravel(), _AROUND + each) - 1
    at = np.clip(found, each * (bins + 1), each * (bins + 1) + bins - 1)
    start, end = ends.ravel()[at], ends.ravel()[at + 1]
    before, there = upto.ravel()[at], upto.ravel()[at + 1]
    inside = rows * _AROUND - before
    middle = start + inside / np.maximum(there - before, 1) * (end - start) / 2
    below, above = np.split(total.ravel()[at] + inside * middle, 2, axis=1)
    return np.asarray((above - below) / (rows * (_AROUND[_MANY:] - _AROUND[:_MANY])))
