"""Hard errors: what a broken pipeline does to a whole column or to the whole partition."""

from itertools import combinations
from typing import Final

import pandas as pd

from infra.local.alert_bench.corruptions.situation import (
    CannotApply,
    Column,
    Corrupted,
    Corruption,
    Situation,
    as_objects,
    is_number,
)

REPLACEMENT_MARK: Final = "\ufffd"  # what decoding with the wrong encoding leaves behind

_NON_ZERO_FROM = 0.2
_CHANGED_FROM = 0.1
_DIFFERENT_FROM = 0.5
_VALUES_FROM = 3
_MODE_BELOW = 0.8
_KEPT_ROWS = 0.4
_UNSEEN_SHARE = 0.3
_ENCODING_SHARE = 0.5
_NUMBERS_SWAP = 0.7  # how often two numeric columns are tried before two text columns


def multiplied(factor: float) -> Corruption:
    """Return the corruption that multiplies a numeric column: a lost sign, another unit."""

    def multiply(column: Column) -> Column | None:
        is_seen = (column.fillna(0) != 0).mean() >= _NON_ZERO_FROM
        return column * factor if is_seen else None

    return lambda situation: situation.spoil_one(situation.numbers(), multiply)


def numbers_as_text(situation: Situation) -> Corrupted:
    """Write a numeric column as text; nulls stay null."""

    def write(column: Column) -> Column:
        return as_objects(column).map(str, na_action="ignore").where(column.notna(), None)

    return situation.spoil_one(situation.numbers(), write)


def constant(situation: Situation) -> Corrupted:
    """Fill a column with its most frequent value."""

    def fill(column: Column) -> Column | None:
        shares = column.value_counts(normalize=True)
        if len(shares) < _VALUES_FROM or shares.iloc[0] >= _MODE_BELOW:
            return None
        return pd.Series([shares.index[0]] * len(column), index=column.index, dtype=column.dtype)

    return situation.spoil_one(situation.columns(), fill)


def all_null(situation: Situation) -> Corrupted:
    """Lose every value of a column."""

    def lose(column: Column) -> Column:
        kind = "float64" if is_number(column) else object
        return pd.Series([None] * len(column), index=column.index, dtype=kind)

    return situation.spoil_one(situation.columns(), lose)


def repeated_rows(situation: Situation) -> Corrupted:
    """Deliver half of the rows twice."""
    rows = len(situation.partition)
    again = situation.chance.permutation(rows)[: rows // 2]
    return Corrupted(pd.concat([situation.partition, situation.partition.iloc[again]]))


def cut_off(situation: Situation) -> Corrupted:
    """Lose everything after the first 40 % of the rows."""
    kept = max(2, int(_KEPT_ROWS * len(situation.partition)))
    return Corrupted(situation.partition.iloc[:kept])


def swapped(situation: Situation) -> Corrupted:
    """Exchange two columns of one type that differ in most rows."""
    pools = [situation.numbers(), situation.words()]
    if situation.chance.random() >= _NUMBERS_SWAP:
        pools.reverse()
    for pool in pools:
        for one, other in combinations(pool, 2):
            a, b = situation.partition[one], situation.partition[other]
            if _would_show(a, b):
                return Corrupted(
                    situation.partition.assign(**{one: b, other: a}),
                    (one, other),
                )
    raise CannotApply


def other_case(situation: Situation) -> Corrupted:
    """Write a text column in lower case, or in upper case what was lower already."""

    def turn(column: Column) -> Column | None:
        return _if_changed(column, as_objects(column).map(_turned, na_action="ignore"))

    return situation.spoil_one(situation.words(), turn)


def unseen_category(situation: Situation) -> Corrupted:
    """Write a category that never was into 30 % of the rows of a text column."""

    def write(column: Column) -> Column | None:
        hit = situation.chance.random(len(column)) < _UNSEEN_SHARE
        unseen = f"UNKNOWN_{situation.chance.integers(100)}"
        return _if_changed(column, as_objects(column).mask(column.notna() & hit, unseen))

    return situation.spoil_one(situation.words(), write)


def wrong_encoding(situation: Situation) -> Corrupted:
    """Put a replacement mark or a blank behind half of the values of a text column."""

    def garble(column: Column) -> Column | None:
        hit = situation.chance.random(len(column)) < _ENCODING_SHARE
        marked = situation.chance.random(len(column)) < _ENCODING_SHARE
        garbled = [
            value + (REPLACEMENT_MARK if is_marked else " ")
            if is_hit and isinstance(value, str)
            else value
            for value, is_hit, is_marked in zip(as_objects(column), hit, marked, strict=True)
        ]
        return _if_changed(column, pd.Series(garbled, index=column.index, dtype=object))

    return situation.spoil_one(situation.words(), garble)


def _would_show(a: Column, b: Column) -> bool:
    return (
        a.dtype == b.dtype
        and min(a.nunique(), b.nunique()) >= _VALUES_FROM
        and (a.astype(str) != b.astype(str)).mean() > _DIFFERENT_FROM
    )


def _turned(text: str) -> str:
    return text.lower() if text != text.lower() else text.upper()


def _if_changed(column: Column, spoiled: Column) -> Column | None:
    there = column.notna()
    changed = (as_objects(column)[there] != spoiled[there]).mean()
    return spoiled if changed >= _CHANGED_FROM else None
