"""How statistics are put for a person: what they are called, what is usual, where it moved."""

from math import inf, nextafter
from typing import Final

import numpy as np

from core.domain.finding import Kind
from core.domain.wording import Span, number, plain, with_unit
from functions.arrays import Floats
from functions.ml.checking.ruler import NumberRuler, Ruler
from functions.ml.checking.series import Statistic
from functions.ml.checking.summary import Summary

_NEWEST = 60  # partitions that say what is usual
_USUAL = (0.05, 0.95)
_MEDIAN = 0.5

KINDS: Final = {
    Statistic.NULLS: Kind.NULLS,
    Statistic.DISTINCT: Kind.DISTINCT,
    Statistic.PEAK: Kind.PEAK,
    Statistic.ZEROS: Kind.ZEROS,
    Statistic.NEGATIVES: Kind.NEGATIVE,
    Statistic.MINUS_ONES: Kind.MINUS_ONES,
    Statistic.FRACTIONS: Kind.FRACTIONS,
    Statistic.DECIMALS: Kind.DECIMALS,
    Statistic.FAR: Kind.RANGE,
    Statistic.MEAN: Kind.MEAN,
    Statistic.SPREAD: Kind.SPREAD,
    Statistic.LOW: Kind.LOW,
    Statistic.HIGH: Kind.HIGH,
    Statistic.QUANTILE: Kind.QUANTILE,
    Statistic.ENTROPY: Kind.ENTROPY,
    Statistic.LENGTH: Kind.LENGTH,
    Statistic.PADDED: Kind.PADDED,
    Statistic.FOREIGN: Kind.FOREIGN,
    Statistic.UPPER: Kind.UPPER,
    Statistic.LOWER: Kind.LOWER,
    Statistic.NEW: Kind.UNSEEN,
    Statistic.WORD: Kind.SHAPE,
    Statistic.SHAPE: Kind.SHAPE,
    Statistic.DUPLICATES: Kind.DUPLICATES,
    Statistic.ROWS: Kind.ROWS,
}


def usual_span(values: Floats) -> Span | None:
    """Say between which values nine in ten of the newest partitions lay; `None` if unknown."""
    known = values[-_NEWEST:]
    known = known[np.isfinite(known)]
    if not len(known):
        return None
    low, high = np.quantile(known, _USUAL)
    return float(low), float(high)


def quantile_in_words(p: float) -> str:
    """Name a quantile.

    >>> quantile_in_words(0.5), quantile_in_words(0.95)
    ('median', '95th percentile')
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(round(p * 100) % 10, "th")
    return "median" if p == _MEDIAN else f"{p * 100:.0f}{ending} percentile"


def moved_bin(
    together: Summary, ruler: Ruler, column: str, unit: str | None
) -> tuple[float, Span | None, str]:
    """Find the bin whose share moved farthest: its share now, what is usual, and its name.

    Args:
        together: shape (partitions + 1, ...): the history, then the partition in question.
        ruler: what they were measured with.
        column: a column of it.
        unit: of its numbers; `None` where it has none.
    """
    at = ruler.names.index(column)
    bins = slice(ruler.offsets[at], ruler.offsets[at + 1])
    counts = together.counts[-_NEWEST - 1 :, bins].astype(np.float64)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    before, now = shares[:-1], shares[-1]
    farthest = int(np.abs(now - before.mean(axis=0)).argmax())
    name = bin_in_words(ruler, column, farthest, unit)
    return float(now[farthest]), usual_span(before[:, farthest]), name


def bin_in_words(ruler: Ruler, column: str, index: int, unit: str | None) -> str:
    """Name a bin for a sentence that begins with a share of rows."""
    rule = ruler.columns[column]
    if not isinstance(rule, NumberRuler):
        is_known = index < len(rule.words)
        return f"`{plain(rule.words[index])}`" if is_known else "in other categories"
    if not len(rule.edges):
        return "of any value"
    if index == 0:
        return f"below {with_unit(number(float(rule.edges[0])), unit)}"
    low = float(rule.edges[index - 1])
    if index == len(rule.edges):
        return f"from {with_unit(number(low), unit)} on"
    high = float(rule.edges[index])
    if high == nextafter(low, inf):  # a value so frequent that it has a bin of its own
        return f"exactly {with_unit(number(low), unit)}"
    return f"from {number(low)} to {with_unit(number(high), unit)}"
