"""Flights of which each row gets the newest weather that was known: a table of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from tests.builders import a_config
from tests.watched_model import FIRST_DAY, WatchedModel, parquet_of, some_flights, training

PREFIX = "weather/observed"
CARRIERS = ("AA", "B6", "UA")
Weather = Callable[[str], pd.DataFrame]


def weather_config(table: dict[str, Any] | None = None, **changes: Any) -> ModelConfig:
    """The flights with a temperature out of another table."""
    stated = {
        "name": "weather",
        "prefix": PREFIX,
        "by": ["carrier"],
        "known_at": "read_at",
        "columns": ["temp"],
        "at_most_hours": 12,
    }
    data = a_config().data.model_dump() | {"as_of": [stated | (table or {})]}
    columns = {
        "distance": {"type": "number"},
        "carrier": {"type": "category"},
        "temp": {"type": "number"},
    }
    return a_config(**({"data": data, "columns": columns, "training": training()} | changes))


def some_weather(day: str, hours: Sequence[int] = range(24)) -> pd.DataFrame:
    """Make the hourly weather of a day, as it became known; the same day is always the same."""
    rng = np.random.default_rng(int(day.replace("-", "")) + 7)
    times = [pd.Timestamp(day, tz="UTC") + pd.Timedelta(hours=hour) for hour in hours]
    return pd.DataFrame(
        {
            "carrier": np.repeat(CARRIERS, len(times)),
            "read_at": times * len(CARRIERS),
            "temp": rng.normal(40, 10, len(times) * len(CARRIERS)),
        }
    )


def weather_lands(
    watched: WatchedModel, days: Sequence[str], weather: Weather = some_weather
) -> None:
    """Let the weather of some days land."""
    for day in days:
        watched.puts(PREFIX, day, parquet_of(weather(day)))


def through_the_day(day: str, rows: int = 40) -> pd.DataFrame:
    """Make a day of flights that leave one after the other."""
    minutes = pd.to_timedelta(np.linspace(30, 1410, rows), unit="min")
    return some_flights(day, rows).assign(scheduled_departure=pd.Timestamp(day, tz="UTC") + minutes)


def days(count: int, first: str = FIRST_DAY) -> list[str]:
    """Name so many days, from one before the first: its last hours are still known then."""
    return [days_before(first, 1 - ahead) for ahead in range(count + 1)]


def with_weather(folder: Path, config: ModelConfig | None = None, count: int = 12) -> WatchedModel:
    """A model that has lived through some days of flights, labels and weather."""
    watched = WatchedModel(folder, config or weather_config())
    watched.lived_through(count)
    for day in days(count)[1:]:
        watched.lands(day, through_the_day(day))
    weather_lands(watched, days(count))
    return watched
