"""Drift: every value is plausible, but the distribution is not the one of before."""

import numpy as np
import pandas as pd

from infra.local.alert_bench.corruptions.situation import (
    CannotApply,
    Column,
    Corrupted,
    Corruption,
    Situation,
    as_before,
    as_objects,
    is_number,
)

_SPREAD_OVER = 30  # partitions that say how wide a column usually is
_SEGMENT_OVER = 10  # partitions that rows of the segment are drawn from
_VALUES_FROM = 5
_MOVED_FROM = 0.5
_SEGMENT_SHARE = (0.05, 0.6)  # a category that may be a segment
_ROOM_TO_GROW = 0.75
_SEGMENT_ROWS_FROM = 5
_REPLACED_FROM = 3
_CATEGORY_FROM = 0.02
_CATEGORIES_FROM = 2
_MIXED_FROM = 0.5  # of the share that was asked for


def shifted(deviations: float) -> Corruption:
    """Return the corruption that moves a numeric column up or down by so many deviations."""

    def shift(situation: Situation) -> Corrupted:
        usual = pd.concat(situation.history[-_SPREAD_OVER:])

        def attempt(column: Column) -> Column | None:
            spread = float(usual[str(column.name)].std())
            step = deviations * spread * situation.chance.choice([-1, 1])
            return _if_moved(column, column + step) if spread > 0 else None

        return situation.spoil_one(situation.numbers(), attempt)

    return shift


def stretched(factor: float) -> Corruption:
    """Return the corruption that widens or narrows a numeric column around its mean."""

    def attempt(column: Column) -> Column | None:
        mean = column.mean()
        return _if_moved(column, mean + (column - mean) * factor)

    return lambda situation: situation.spoil_one(situation.numbers(), attempt)


def towards_segment(share: float) -> Corruption:
    """Return the corruption that replaces a share of the rows outside of a segment by rows of it.

    A segment is one side of a numeric column's median, or one category of a text column. Whole
    rows are drawn from the last partitions, so that columns keep belonging together.
    """

    def draw(situation: Situation) -> Corrupted:
        pool = pd.concat(situation.history[-_SEGMENT_OVER:])
        for name in situation.columns():
            segment = _segment(pool[name], situation.partition[name], situation.chance)
            if segment is None:
                continue
            there, here = segment
            outside = np.flatnonzero(~here.to_numpy())
            count = int(share * len(outside))
            if count >= _REPLACED_FROM:
                gone = situation.chance.permutation(outside)[:count]
                drawn = pool[there].sample(count, replace=True, random_state=situation.chance)
                kept = situation.partition.drop(situation.partition.index[gone])
                mixed = pd.concat([kept, drawn]).sample(frac=1, random_state=situation.chance)
                return Corrupted(mixed, (name,))
        raise CannotApply

    return draw


def category_grown(share: float) -> Corruption:
    """Return the corruption that sets a share of a text column to one of its own categories."""

    def grow(situation: Situation) -> Corrupted:
        def attempt(column: Column) -> Column | None:
            shares = column.value_counts(normalize=True)
            usual = shares.index[shares >= _CATEGORY_FROM]
            if len(usual) < _CATEGORIES_FROM:
                return None
            category = usual[int(situation.chance.integers(len(usual)))]
            hit = (situation.chance.random(len(column)) < share) & (column != category)
            if hit.mean() < _MIXED_FROM * share:
                return None
            return as_objects(column).mask(hit, category)

        return situation.spoil_one(situation.words(), attempt)

    return grow


def _if_moved(column: Column, moved: Column) -> Column | None:
    changed = as_before(column, moved)
    is_varied = column.nunique() >= _VALUES_FROM and column.std() > 0
    there = column.notna()
    return changed if is_varied and (changed != column)[there].mean() > _MOVED_FROM else None


def _segment(
    pool: Column, current: Column, chance: np.random.Generator
) -> tuple[Column, Column] | None:
    """Say which rows of the pool and of the partition belong to a segment; `None` if none fits."""
    if is_number(current):
        median = pool.median()
        is_upper = chance.random() < 1 / 2
        there, here = (
            (pool > median, current > median) if is_upper else (pool <= median, current <= median)
        )
    else:
        shares = pool.value_counts(normalize=True)
        least, most = _SEGMENT_SHARE
        fitting = shares.index[(shares > least) & (shares < most)]
        if not len(fitting):
            return None
        category = fitting[int(chance.integers(len(fitting)))]
        there, here = pool == category, current == category
    fits = here.mean() <= _ROOM_TO_GROW and there.sum() >= _SEGMENT_ROWS_FROM
    return (there, here) if fits else None
