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
        return rule.centre + rule.unit * np.sinh(value)
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
    lows, highs = np.clip((history.lows[:, i], history.highs[:, i]), -LARGEST, LARGEST)
    low, high = np.where(is_filled, lows, np.nan), np.where(is_filled, highs, np.nan)
    outside = (counts[:, 0] + counts[:, -1]) * bool(len(rule.edges))  # where anything was ever seen
    found[Series(name, Statistic.FAR)] = outside / filled
    found[Series(name, Statistic.PEAK)] = counts.max(axis=1) / filled
    found[Series(name, Statistic.MEAN)] = mean
    found[Series(name, Statistic.SPREAD)] = np.log(np.sqrt(variance) + _LEAST_SPREAD)
    found[Series(name, Statistic.LOW)] = standard(low, rule)
    found[Series(name, Statistic.HIGH)] = standard(high, rule)
    quantiles = standard(_quantiles(counts, rule.edges, low, high), rule)
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
    """Read quantiles off the bins, straight between their ends, the outer ones lying at low, high.

    Returns:
        shape (partitions, quantiles).
    """
    partitions, bins = counts.shape
    ends = np.empty((partitions, bins + 1))
    ends[:, 1:-1] = edges
    ends[:, 0], ends[:, -1] = low, high
    ends = np.clip(ends, low[:, None], high[:, None])
    upto = np.zeros((partitions, bins + 1))
    np.cumsum(counts, axis=1, out=upto[:, 1:])
    wanted = upto[:, -1:] * _QUANTILES
    at = np.clip((upto[:, :, None] < wanted[:, None]).sum(axis=1) - 1, 0, bins - 1)

    def here(values: Floats) -> Floats:
        return np.take_along_axis(values, at, axis=1)

    way = np.clip((wanted - here(upto)) / np.maximum(here(counts), 1), 0, 1)
    return np.asarray(here(ends) + way * (here(ends[:, 1:]) - here(ends)))
