"""Values that no column should hold, however they are stored."""

import math
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.domain.partition import days_before
from core.domain.verdict import Severity
from functions.flows.checking.learn_reference import learn_reference
from tests.builders import NOON
from tests.checked_model import DAY, LEARNED, ROWS, checked, flights
from tests.scenarios.test_bad_input.landing import (
    NEXT,
    sentence,
    sentences,
    table_of,
    with_column,
    written,
)
from tests.watched_model import WatchedModel


@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, 1e308, -1e308, 5e-324, float(np.finfo(np.float32).max), 2.0**63]
)
@pytest.mark.parametrize("rows", [1, 20, ROWS])
def test_extreme_numbers_are_judged_and_learned_from(
    known: WatchedModel, value: float, rows: int
) -> None:
    frame = flights(DAY)
    frame.loc[: rows - 1, "distance"] = value

    said = sentence(known, frame)

    assert "nan" not in said
    assert "1e+100" not in said
    learn_reference(known.config, [DAY], known.ports)
    later = days_before(DAY, -2)
    assert checked(known, flights(later), later)["score"] < 1000


@pytest.mark.parametrize("value", [1e308, -1e308, math.inf])
def test_a_history_that_is_all_extreme_measures_what_comes_next(
    tmp_path: Path, value: float
) -> None:
    watched = WatchedModel(tmp_path)
    for day in LEARNED:
        frame = flights(day)
        frame.loc[::2, "distance"] = value
        watched.lands(day, frame)
    learn_reference(watched.config, LEARNED, watched.ports)
    same = flights(DAY)
    same.loc[::2, "distance"] = value

    assert checked(watched, same)["severity"] == Severity.OK
    assert checked(watched, flights(NEXT).assign(distance=7.0), NEXT)["severity"] != Severity.OK


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", None])
def test_times_of_other_zones_are_no_news(known: WatchedModel, zone: str | None) -> None:
    frame = flights(DAY)
    head, tail = table_of(frame.head(100)), table_of(frame.tail(100))
    kind = pa.timestamp("ms", tz=zone)
    other = tail.set_column(1, "scheduled_departure", tail.column(1).cast(kind))

    assert sentences(known, head, other) == {}


def test_a_category_that_holds_times_of_several_zones_is_judged_as_text(
    known: WatchedModel,
) -> None:
    frame = flights(DAY).assign(carrier=pd.Timestamp(DAY, tz="UTC"))
    head, tail = table_of(frame.head(100)), table_of(frame.tail(100))
    elsewhere = tail.column("carrier").cast(pa.timestamp("ms", tz="America/New_York"))

    said = sentences(known, head, tail.set_column(3, "carrier", elsewhere))

    assert said["carrier"] == "`carrier`: 50 % in capitals, usually 100 %"


def test_very_long_texts_are_judged_and_told_shortly(known: WatchedModel) -> None:
    frame = flights(DAY)
    frame.loc[:3, "carrier"] = ["x" * 10_000_000, "y" * 10_000_000] * 2
    frame.loc[4:5, "flight_id"] += "z" * 10_000_000

    said = sentence(known, frame)

    assert said.startswith("`carrier`")
    assert len(said) < 300


def test_very_long_texts_that_are_usual_are_told_shortly(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path)
    for day in LEARNED:
        watched.lands(day, flights(day).replace({"carrier": {"AA": "x" * 100_000}}))
    learn_reference(watched.config, LEARNED, watched.ports)

    checked(watched, flights(DAY).replace({"carrier": {"AA": "x" * 100_000, "B6": "x" * 100_000}}))

    [alert] = watched.alerts()
    assert alert.evidence.blamed[0].column == "carrier"
    assert len(alert.evidence.summary) < 300


@pytest.mark.parametrize(
    "kind",
    [
        pa.dictionary(pa.int32(), pa.string()),
        pa.large_string(),
        pa.string_view(),
    ],
    ids=str,
)
def test_text_is_the_same_however_it_is_stored(known: WatchedModel, kind: pa.DataType) -> None:
    table = table_of()
    for at, name in ((0, "flight_id"), (3, "carrier")):
        table = table.set_column(at, name, table.column(name).cast(pa.string()).cast(kind))

    assert sentence(known, written(table)) == "Nothing unusual."


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("distance", [Decimal(7), Decimal(8)], "`distance`: 100 % hold much the same value"),
        ("distance", [True, False], "`distance`: 50 % zeros, never before"),
        ("distance", [date(2013, 1, 1)] * 2, "`distance` holds times, a number is expected"),
        ("distance", [NOON] * 2, "`distance` holds times, a number is expected"),
        ("distance", [[1]] * 2, "`distance` holds something nested, a number is expected"),
        ("distance", [b"1"] * 2, "`distance` holds binary, a number is expected"),
        ("carrier", [Decimal(7), Decimal(8)], "`carrier`: 0.0 % in capitals"),
        ("carrier", [True, False], "`carrier`: 0.0 % in capitals"),
        ("carrier", [date(2013, 1, 1)] * 2, "`carrier`: 0.0 % in capitals"),
        ("carrier", [timedelta(1)] * 2, "`carrier`: 0.0 % in capitals"),
        ("carrier", [{"a": 1}] * 2, "`carrier` holds something nested, a category is expected"),
        ("carrier", [b"\xff"] * 2, "`carrier` holds binary, a category is expected"),
    ],
)
def test_other_types_are_judged_or_told(
    known: WatchedModel, name: str, values: list[Any], said: str
) -> None:
    heard = sentence(known, with_column(name, pa.array(values * (ROWS // 2))))

    assert heard.startswith(said)


@pytest.mark.parametrize("name", ["distance", "carrier", "flight_id"])
def test_a_column_of_uuids_is_told_to_be_binary(known: WatchedModel, name: str) -> None:
    uuids = pa.array([bytes([i]) * 16 for i in range(ROWS)], pa.uuid())

    assert sentence(known, with_column(name, uuids)).startswith(f"`{name}` holds binary, ")


def test_times_of_a_zone_that_nobody_knows_are_told(known: WatchedModel) -> None:
    times = pa.array([0] * ROWS, pa.timestamp("s", "Mars/Phobos"))

    said = sentence(known, with_column("carrier", times))

    assert said == "`carrier` holds times, a category is expected"
