"""What the next value of each series is expected to be, from the values before it alone."""

from collections.abc import Sequence

import numpy as np

from functions.arrays import Counts, Flags, Floats
from functions.ml.checking.season import LastYear

FIRST_SCORED = 5
"""Forecasts from fewer partitions say nothing."""
_PACES = (0.3, 0.08)  # how much of the newest value a moving average takes up
_SEASONAL_PACE = 0.2
_FORGETTING = 0.99  # of a forecaster's past errors, each partition
_DAYS_A_WEEK = 7


SLOW = 2
"""Which of the forecasters is the level that a season is added to."""


def forecast(series: Floats, weekdays: Counts | None, last_year: LastYear | None = None) -> Floats:
    """Forecast each series by several forecasters, for every partition and the one that is next.

    Args:
        series: shape (partitions, series), oldest first; not-a-number where there is no value.
        weekdays: shape (partitions + 1,), 0..6, of each partition and the next one; `None` where
            partitions are not days.
        last_year: where the partitions of a year before stand; `None` where there are none.

    Returns:
        shape (forecasters, partitions + 1, series).

    Source: the mean, exponential smoothing after Brown (1959), the last value, weekday levels and
    last year's: Hyndman and Athanasopoulos, Forecasting (2021), chapters 5 and 8.
    """
    known = _where_known(series)
    filled = series if known.all() else np.where(known, series, 0.0)
    partitions, width = series.shape
    is_seasonal = weekdays is not None and partitions > 2 * _DAYS_A_WEEK
    forecasters = 4 + 2 * is_seasonal + (last_year is not None)
    every = np.empty((forecasters, partitions + 1, width))
    mean, _, slow, last = every[:4]
    _average(filled, known, mean)
    _smooth(filled, known, _PACES, every[1:3])
    _keep(filled, known, last)
    if is_seasonal and weekdays is not None:
        every[4] = slow + _by_weekday(filled - slow[:-1], known, weekdays, 0.0)
        every[5] = _by_weekday(filled, known, weekdays, mean)
    if last_year is not None:
        rise = last_year.rise(np.where(known, filled - slow[:-1], 0.0))
        usual = every[4] if is_seasonal else slow
        every[-1] = np.where(last_year.is_known[:, None], slow + rise, usual)
    return every


def choose(sizes: Floats, last_year: LastYear | None = None) -> Counts:
    """Choose for each partition the forecaster whose errors before it were smallest.

    Where there was no year before, who goes by it is held to be as good as the one chosen.

    Args:
        sizes: shape (forecasters, partitions, series), >= 0: how large its errors were.
        last_year: as the forecasts were made with.

    Returns:
        shape (partitions + 1, series).
    """
    best = np.zeros((sizes.shape[1] + 1, sizes.shape[2]), dtype=np.int64)
    so_far = np.zeros((sizes.shape[0], sizes.shape[2]))
    every = np.arange(sizes.shape[2])
    for i in range(sizes.shape[1]):
        best[i] = so_far.argmin(axis=0)
        if i >= FIRST_SCORED:
            so_far *= _FORGETTING
            so_far += sizes[:, i]
            if last_year is not None and not last_year.is_known[i]:
                so_far[-1] += sizes[best[i], i, every] - sizes[-1, i]
    best[-1] = so_far.argmin(axis=0)
    return best


def have_a_past(series: Floats) -> Flags:
    """Say which values come after enough known ones to have been forecast; shape as given.

    What the first words of a column are like is new, but nothing is known that it differs from.

    Args:
        series: shape (partitions, series); not-a-number where there is no value.
    """
    known = ~np.isnan(series)
    if known.all():  # as nearly always
        return known
    possible = np.minimum(np.arange(len(series)), FIRST_SCORED)[:, None]
    return np.asarray(np.cumsum(known, axis=0) - known >= possible)


def _where_known(series: Floats) -> Flags:
    """Say where there are values; of one series for all, where they have them alike."""
    known = ~np.isnan(series)
    alike = known[:, :1]
    return alike if (known == alike).all() else known


def _average(filled: Floats, known: Flags, levels: Floats) -> None:
    """Fill in the mean of all values before each partition; shape (partitions + 1, series)."""
    levels[0] = filled[0]
    if known.all():  # as nearly always
        np.cumsum(filled, axis=0, out=levels[1:])
        levels[1:] /= np.arange(1, len(filled) + 1)[:, None]
        return
    times = np.cumsum(known, axis=0)
    levels[1:] = np.where(times, np.cumsum(filled, axis=0) / np.maximum(times, 1), filled[0])


def _keep(filled: Floats, known: Flags, levels: Floats) -> None:
    """Fill in the last value before each partition; shape (partitions + 1, series)."""
    levels[0], levels[1:] = filled[0], filled
    if not known.all():
        places = np.where(known, np.arange(len(known))[:, None], 0)
        newest = np.maximum.accumulate(places, axis=0)
        levels[1:] = np.take_along_axis(filled, np.broadcast_to(newest, filled.shape), axis=0)


def _smooth(filled: Floats, known: Flags, paces: Sequence[float], levels: Floats) -> None:
    """Follow each series, taking up so much of each new value, of the first ones more.

    Args:
        filled: shape (partitions, ..., series).
        known: shape (partitions, ..., series) or (partitions, ..., 1): where there is a value.
        paces: each above 0, below 1.
        levels: shape (paces, partitions + 1, ..., series), is filled with the level before each
            partition.
    """
    least = np.reshape(paces, (-1, *[1] * known.ndim))
    ways = np.maximum(least, 1 / np.maximum(np.cumsum(known, axis=0), 1)) * known
    levels[:, 0] = filled[0]
    for i, value in enumerate(filled):
        step = np.subtract(value, levels[:, i], out=levels[:, i + 1])
        step *= ways[:, i]
        step += levels[:, i]


def _by_weekday(
    filled: Floats, known: Flags, weekdays: Counts, otherwise: Floats | float
) -> Floats:
    """Average the values of each day of the week, the newest counting most.

    Weeks are put below each other, so that all days of a week are followed at once:

        Mon Tue Wed Thu Fri Sat Sun
                 0   1   2   3   4    week 0
         5   6   7   8   9  10  11    week 1
    """
    width = filled.shape[1]
    week = np.concatenate([[0], np.cumsum(np.diff(weekdays) <= 0)])
    shape = (week[-1] + 1, _DAYS_A_WEEK)
    by_week, is_known = np.zeros((*shape, width)), np.zeros((*shape, known.shape[1]), dtype=bool)
    by_week[week[:-1], weekdays[:-1]] = filled
    is_known[week[:-1], weekdays[:-1]] = known
    levels = np.empty((1, shape[0] + 1, shape[1], width))
    _smooth(by_week, is_known, [_SEASONAL_PACE], levels)
    seen = np.logical_or.accumulate(is_known, axis=0)[week - 1, weekdays]  # before that week
    seen[week == 0] = False
    return np.where(seen, levels[0, week, weekdays], otherwise)
