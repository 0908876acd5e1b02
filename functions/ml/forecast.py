"""What the next value of each series is expected to be, from the values before it alone."""

import numpy as np

from functions.arrays import Counts, Floats

FIRST_SCORED = 5
"""Forecasts from fewer partitions say nothing."""
_PACES = (0.3, 0.08)  # how much of the newest value a moving average takes up
_SEASONAL_PACE = 0.2
_FORGETTING = 0.99  # of a forecaster's past errors, each partition
_DAYS_A_WEEK = 7


def forecast(series: Floats, weekdays: Counts | None) -> Floats:
    """Forecast each series by several forecasters, for every partition and the one that is next.

    Args:
        series: shape (partitions, series), oldest first; not-a-number where there is no value.
        weekdays: shape (partitions + 1,), 0..6, of each partition and the next one; `None` where
            partitions are not days.

    Returns:
        shape (forecasters, partitions + 1, series).

    Source: the mean, exponential smoothing after Brown (1959), the last value and weekday levels:
    Hyndman and Athanasopoulos, Forecasting (2021), chapters 5 and 8.
    """
    known = ~np.isnan(series)
    filled = np.where(known, series, 0.0)
    partitions, width = series.shape
    so_far = np.maximum(np.cumsum(known, axis=0), 1)
    mean = np.vstack([filled[:1], np.cumsum(filled, axis=0) / so_far])
    slow = _smooth(filled, known, _PACES[1])
    every = [mean, _smooth(filled, known, _PACES[0]), slow, _smooth(filled, known, 1.0)]
    if weekdays is not None and partitions > 2 * _DAYS_A_WEEK:
        nothing = np.zeros((partitions + 1, width))
        every.append(slow + _by_weekday(filled - slow[:-1], known, weekdays, nothing))
        every.append(_by_weekday(filled, known, weekdays, mean))
    return np.stack(every)


def choose(sizes: Floats) -> Counts:
    """Choose for each partition the forecaster whose errors before it were smallest.

    Args:
        sizes: shape (forecasters, partitions, series), >= 0: how large its errors were.

    Returns:
        shape (partitions + 1, series).
    """
    best = np.zeros((sizes.shape[1] + 1, sizes.shape[2]), dtype=np.int64)
    so_far = np.zeros((sizes.shape[0], sizes.shape[2]))
    for i in range(sizes.shape[1]):
        best[i] = so_far.argmin(axis=0)
        if i >= FIRST_SCORED:
            so_far = so_far * _FORGETTING + sizes[:, i]
    best[-1] = so_far.argmin(axis=0)
    return best


def _smooth(filled: Floats, known: Floats, pace: float) -> Floats:
    level = filled[0].copy()
    levels = np.empty((len(filled) + 1, filled.shape[1]))
    levels[0] = level
    for i, value in enumerate(filled):
        level = np.where(known[i], level + max(pace, 1 / (i + 1)) * (value - level), level)
        levels[i + 1] = level
    return levels


def _by_weekday(filled: Floats, known: Floats, weekdays: Counts, otherwise: Floats) -> Floats:
    """Average the values of each day of the week, the newest counting most."""
    width = filled.shape[1]
    level, times = np.zeros((_DAYS_A_WEEK, width)), np.zeros((_DAYS_A_WEEK, width))
    levels = np.empty((len(filled) + 1, width))
    for i, day in enumerate(weekdays):
        levels[i] = np.where(times[day] > 0, level[day], otherwise[i])
        if i < len(filled):
            times[day] += known[i]
            pace = np.maximum(_SEASONAL_PACE, 1 / np.maximum(times[day], 1))
            level[day] += np.where(known[i], pace * (filled[i] - level[day]), 0)
    return levels
