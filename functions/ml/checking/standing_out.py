"""Which partitions of a window stand out among the others as errors do; nobody is judged here."""

from typing import Final

import numpy as np

from functions.arrays import Counts, Flags, Floats, or_zero
from functions.ml.checking.looks import most_spoiled
from functions.ml.checking.promises import too_many
from functions.ml.checking.repeats import copied_columns, is_repeated
from functions.ml.checking.ruler import NumberRuler, Ruler
from functions.ml.checking.series import SHARES, Series, Statistic, in_units
from functions.ml.checking.statistics import statistics
from functions.ml.checking.summary import Summary

_DOUBLE: Final = 2.0  # times the level of a share; and so many times fewer rows
_SAME: Final = 0.99  # of the rows: a column of one value
_WIDTHS: Final = 2.0  # of all that was seen: what lies farther beyond it is of another scale
_OUTER: Final = (0.05, 0.95)  # single rows are nothing


def standing_out(window: Summary, ruler: Ruler, weekdays: Counts | None) -> list[int]:
    """Find the partitions that show what hardly any other one shows.

    A number is held against the level that all but the few highest partitions keep, so that
    spoiled ones do not hide each other. What comes again on the same day of the week is a habit,
    and what goes on until the end of the window may be the new normal.

    Args:
        window: shape (partitions, ...), oldest first.
        ruler: what they were measured with.
        weekdays: shape (partitions,), 0..6; `None` where partitions are not days.

    Returns:
        their places, the farthest out first.

    Source: ours; a maximum without its highest values is not masked by them: Rousseeuw and Leroy,
    Robust Regression and Outlier Detection (1987), chapter 1.
    """
    most = most_spoiled(len(window))
    if not most:
        return []
    excess = _excess(*statistics(window, ruler), window, ruler, most)
    stands_out = (excess >= 1) & ~_comes_again(excess, weekdays)
    stands_out &= ~_goes_on(stands_out)
    farthest = np.where(stands_out, excess, 0.0).max(axis=1)
    farthest[_are_copies(window, most)] = np.inf
    places = np.argsort(-farthest, kind="stable")
    return [int(place) for place in places if farthest[place] > 0]


def _excess(
    series: list[Series], values: Floats, window: Summary, ruler: Ruler, most: int
) -> Floats:
    """Say how far each number lies above its level, in units of what counts; 1 is just enough.

    Returns:
        shape (partitions, numbers).
    """
    kinds = SHARES - {Statistic.WORD, Statistic.PEAK, Statistic.FAR}
    shares = or_zero(values[:, [of.kind in kinds for of in series]])
    level = _level(shares, most)
    above = (shares - level) / np.maximum(too_many(window.rows)[:, None], (_DOUBLE - 1) * level)
    peaks = or_zero(values[:, [of.kind is Statistic.PEAK for of in series]])
    became_one = (peaks >= _SAME) & (_level(peaks, most) < _SAME)
    fewer = _level(-window.rows, most) / -np.maximum(_DOUBLE * window.rows, 1)
    return np.hstack(
        [above, became_one, fewer[:, None], _beyond(series, values, window, ruler, most)]
    )


def _beyond(
    series: list[Series], values: Floats, window: Summary, ruler: Ruler, most: int
) -> Floats:
    """Say how far the values of each column of numbers lie beyond all that is usual."""
    places = {of: i for i, of in enumerate(series)}
    found = []
    for i, (name, rule) in enumerate(ruler.columns.items()):
        if not isinstance(rule, NumberRuler):
            continue
        low = -float(_level(-window.lows[:, i], most))
        high = float(_level(window.highs[:, i], most))
        if not np.isfinite([low, high]).all():
            continue  # hardly any partition has a value there
        ends = [Series(name, Statistic.QUANTILE, p) for p in _OUTER]
        lower, upper = (in_units(of, values[:, places[of]], rule) for of in ends)
        width = _WIDTHS * max(high - low, rule.unit)
        found += [(low - lower) / width, (upper - high) / width]
    return or_zero(np.stack(found, axis=1)) if found else np.zeros((len(window), 0))


def _level(values: Floats, most: int) -> Floats:
    """Take the largest value of each number when the few highest partitions are left out."""
    return np.asarray(np.sort(values, axis=0)[-1 - most])


def _comes_again(excess: Floats, weekdays: Counts | None) -> Flags:
    """Say where another partition of the same day of the week is about as far out."""
    again = np.zeros(excess.shape, dtype=bool)
    if weekdays is None:
        return again
    for day in np.unique(weekdays):
        alike = weekdays == day
        if alike.sum() > 1:
            second = np.sort(excess[alike], axis=0)[-2]
            again[alike] = second >= excess[alike] / _DOUBLE
    return again


def _goes_on(stands_out: Flags) -> Flags:
    """Say where what stands out does so in all partitions until the end, at least in two."""
    until_end = np.asarray(np.logical_and.accumulate(stands_out[::-1], axis=0)[::-1])
    return np.asarray(until_end & until_end[-2])


def _are_copies(window: Summary, most: int) -> Flags:
    """Say which partitions hold again what one before them held, or one of their columns does."""
    copied = copied_columns(window)
    is_rare = copied.sum(axis=0) <= most
    repeated = [bool(i) and is_repeated(window[:i], window[i]) for i in range(len(window))]
    return np.asarray((copied & is_rare & ~_goes_on(copied)).any(axis=1) | np.array(repeated))
