"""Clean data, real and made, gives no finding; odd data stops no training."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyarrow import csv, parquet
from sklearn.datasets import load_breast_cancer

from infra.local.flights import days as flight_days
from infra.local.flights import packaged_folder
from tests.scenarios.test_a_training_is_reviewed.reviewing import (
    CLEAN_FROM,
    DAYS,
    Day,
    reviewed,
    some_days,
)
from tests.watched_model import WatchedModel


def test_in_a_clean_training_nothing_is_found(watched: WatchedModel) -> None:
    assert reviewed(some_days(), watched) == ()


def clean_flights() -> list[Day]:
    days = []
    for day in flight_days(CLEAN_FROM, "2013-03-28"):
        frame = parquet.read_table(BytesIO(day.features)).to_pandas().drop(columns="tail_number")
        labels = parquet.read_table(BytesIO(day.labels)).to_pandas()
        joined = frame.merge(labels, on="flight_id")
        days.append((joined.drop(columns="late"), joined["late"].astype(int)))
    return days


def clean_weather() -> list[Day]:
    """The weather of three airports, hour by hour: does it rain?"""
    options = csv.ConvertOptions(strings_can_be_null=True)
    table = csv.read_csv(packaged_folder() / "weather.csv", convert_options=options)
    rows = table.to_pandas().sort_values("time_hour")
    rows = rows[rows["month"] == 3].reset_index(drop=True)
    rows["flight_id"] = rows["origin"] + rows["time_hour"].astype(str)
    rows["scheduled_departure"] = rows["time_hour"]
    numbers = ["hour", "temp", "dewp", "wind_dir", "wind_speed", "pressure", "visib"]
    rows[numbers] = rows[numbers].apply(pd.to_numeric, errors="coerce")
    rows["rains"] = (pd.to_numeric(rows["precip"], errors="coerce") > 0).astype(int)
    read = ["flight_id", "scheduled_departure", "origin", *numbers]
    days = [day.reset_index(drop=True) for _, day in rows.groupby(["month", "day"], sort=True)]
    return [(day[read], day["rains"]) for day in days]


def clean_cells() -> list[Day]:
    """Cells of breast tissue, malignant or not: strong features, but many of them."""
    data = load_breast_cancer(as_frame=True)
    frame = data.data.assign(flight_id=[f"cell-{row}" for row in range(len(data.data))])
    frame["scheduled_departure"] = pd.Timestamp(CLEAN_FROM, tz="UTC")
    parts = np.array_split(np.arange(len(frame)), DAYS)
    return [(frame.iloc[p].reset_index(drop=True), data.target.iloc[p]) for p in parts]


@pytest.mark.parametrize("real", [clean_flights, clean_weather, clean_cells])
def test_three_clean_real_data_sets_give_nothing(
    watched: WatchedModel, real: Callable[[], list[Day]]
) -> None:
    assert reviewed(real(), watched, CLEAN_FROM) == ()


@pytest.mark.parametrize(
    "odd",
    [
        lambda times: times.dt.strftime("%d.%m.%Y %H:%M"),
        lambda times: times.dt.strftime("%Y-%m-%dT%H:%M:%S.%f"),
        lambda times: times.astype("int64") // 10**6,
        lambda times: times.map(lambda time: [time.hour]),
        lambda times: times.map(lambda _: b"\xff"),
        lambda times: times.map(lambda _: None),
        lambda times: pd.Series(pd.NaT, index=times.index, dtype="datetime64[us, UTC]"),
        lambda times: times.astype("datetime64[ns, UTC]") + pd.Timedelta(nanoseconds=1),
        lambda times: pd.Series(-(2**60), times.index).astype("datetime64[us, UTC]"),
    ],
)
def test_event_times_of_any_kind_do_not_stop_a_training(
    watched: WatchedModel, odd: Callable[["pd.Series[pd.Timestamp]"], Any]
) -> None:
    days = [
        (f.assign(scheduled_departure=odd(f["scheduled_departure"])), y) for f, y in some_days()
    ]

    assert reviewed(days, watched) == ()


def test_days_without_rows_and_columns_without_values_do_not_stop_a_training(
    watched: WatchedModel,
) -> None:
    days = [(frame.assign(empty=np.nan, constant=1.0), late) for frame, late in some_days()]
    for number in (3, 16):
        frame, late = days[number]
        days[number] = (frame.head(0), late.head(0))

    assert reviewed(days, watched) == ()
