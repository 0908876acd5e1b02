"""What is compared from partition to partition: statistics of columns, and their scales."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from functions.arrays import Floats
from functions.ml.checking.ruler import LARGEST, NumberRuler, WordRuler

ROWS = "rows"
"""Stands for the partition as a whole, where a column would stand."""
_LEAST_SPREAD = 0.02  # keeps the logarithm of a constant column finite
_A_TRIFLE = 1e-9  # of a row, or of a column's unit: what rounding leaves


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


def crowding(distinct: Floats, filled: Floats) -> Floats:
    """Put a number of distinct values on a scale that depends little on the number of rows."""
    return np.asarray(np.log1p(distinct) - 0.5 * np.log1p(filled))


def uncrowded(crowding: Floats, filled: Floats) -> Floats:
    """Undo `crowding`: how many distinct values there were."""
    return np.asarray(np.expm1(crowding + 0.5 * np.log1p(filled)))


def spread(variance: Floats) -> Floats:
    """Put a variance of standardised values on the scale of `SPREAD`; shape as given."""
    return np.asarray(np.log(np.sqrt(variance) + _LEAST_SPREAD))


def standard(values: Floats, centre: Floats, unit: Floats) -> Floats:
    """Put values on a scale where a column's usual ones lie between -1 and 1.

    Args:
        values: shape (..., columns).
        centre: shape (columns,), of their rulers.
        unit: shape (columns,).
    """
    inside = np.clip(values, -LARGEST, LARGEST)
    return np.asarray(np.arcsinh((inside - centre) / unit))


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
