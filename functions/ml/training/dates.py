"""Columns that hold dates, whatever they are written as, and which of these lie too late."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAY_S: Final = 86_400.0
_YEARS_S: Final = 10 * 366 * DAY_S
_MOST: Final = 0.95  # of the values that must be dates
_ISO: Final = r"^\s*\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}.*)?\s*$"
_UNITS: Final = (1.0, 1e3, 1e6, 1e9)  # of a second: how programs count since 1970


def moments_of(values: "pd.Series[float] | pd.Series[str]", about: float) -> Floats | None:
    """Read a column as moments in seconds since 1970; `None` unless it holds dates.

    Text counts as dates when it is written as ISO 8601; numbers when they count a unit of time
    since 1970, or are written like 20130208, and lie within ten years of the data.

    Args:
        values: the column; what is missing becomes NaN.
        about: a moment of the data, in seconds since 1970.
    """
    if not pd.api.types.is_numeric_dtype(values):
        return _of_text(values.astype("str"))
    numbers = np.asarray(values, dtype=np.float64)
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return None
    for unit in _UNITS:
        if np.mean(np.abs(known / unit - about) < _YEARS_S) >= _MOST:
            return numbers / unit
    return _of_written_days(numbers, about)


def is_whole_days(moments: Floats) -> bool:
    """Say whether a column names days only, without a time of day."""
    return bool(np.all(np.isnan(moments) | (moments % DAY_S == 0)))


def share_later(moments: Floats, events: Floats) -> float:
    """Say which share of the known moments lies behind the event, by day where only days are known.

    Args:
        moments: shape (rows,), in seconds; NaN where unknown.
        events: shape (rows,), when the event of the row takes place, in seconds.
    """
    known = ~(np.isnan(moments) | np.isnan(events))
    if not known.any():
        return 0.0
    limit = events // DAY_S * DAY_S if is_whole_days(moments) else events
    return float(np.mean(moments[known] > limit[known]))


def _of_text(values: "pd.Series[str]") -> Floats | None:
    known = values[values.str.strip() != ""]
    if not len(known) or known.head(1000).str.match(_ISO).mean() < _MOST:
        return None
    moments = pd.to_datetime(values, errors="coerce", utc=True, format="ISO8601")
    return _seconds(moments)


def _of_written_days(numbers: Floats, about: float) -> Floats | None:
    known = numbers[~np.isnan(numbers)]
    if not np.all((known % 1 == 0) & (known >= 19000101) & (known < 22000101)):  # noqa: PLR2004 - days
        return None
    text = pd.Series(numbers).map(lambda number: "" if np.isnan(number) else f"{number:.0f}")
    moments = _seconds(pd.to_datetime(text, errors="coerce", utc=True, format="%Y%m%d"))
    is_near = np.abs(moments[~np.isnan(numbers)] - about) < _YEARS_S
    return moments if np.mean(is_near) >= _MOST else None


def _seconds(moments: "pd.Series[pd.Timestamp]") -> Floats:
    since = moments - pd.Timestamp(0, tz="UTC")
    return np.asarray(since.dt.total_seconds(), dtype=np.float64)
