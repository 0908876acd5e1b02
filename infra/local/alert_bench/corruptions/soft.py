"""Soft errors: some values of a column are lost or made up, or yesterday's are sent again."""

import numpy as np

from infra.local.alert_bench.corruptions.situation import (
    Column,
    Corrupted,
    Corruption,
    Situation,
    as_objects,
    is_number,
)

_REALLY_HIT = 0.7  # share of the chosen rows that must not have held the value before
_STALE_DIFFERS = 0.3


def some_null(share: float) -> Corruption:
    """Return the corruption that loses a share of a column's values."""

    def lose(situation: Situation) -> Corrupted:
        def attempt(column: Column) -> Column | None:
            hit = situation.some_rows(_count(column, share))
            if column.notna()[hit].mean() < _REALLY_HIT:
                return None
            if is_number(column):
                return column.astype("float64").mask(hit)
            return as_objects(column).mask(hit, None)

        return situation.spoil_one(situation.columns(), attempt)

    return lose


def some_set_to(value: int, share: float) -> Corruption:
    """Return the corruption that writes a placeholder over a share of a numeric column."""

    def write(situation: Situation) -> Corrupted:
        def attempt(column: Column) -> Column | None:
            hit = situation.some_rows(_count(column, share))
            if (column != value)[hit].mean() < _REALLY_HIT:
                return None
            return column.mask(hit, value)

        return situation.spoil_one(situation.numbers(), attempt)

    return write


def stale_column(situation: Situation) -> Corrupted:
    """Send the previous partition's values of one column again, repeated or cut to length."""

    def repeat(column: Column) -> Column | None:
        before = situation.history[-1][str(column.name)]
        places = np.resize(np.arange(len(before)), len(column))
        stale = before.iloc[places].set_axis(column.index)
        differs = (stale.astype(str) != column.astype(str)).mean()
        return stale if differs > _STALE_DIFFERS else None

    return situation.spoil_one(situation.columns(), repeat)


def stale_partition(situation: Situation) -> Corrupted:
    """Send the previous partition again."""
    return Corrupted(situation.history[-1].copy())


def _count(column: Column, share: float) -> int:
    return max(1, round(share * len(column)))
