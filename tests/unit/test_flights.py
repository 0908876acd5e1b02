from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from infra.local.config_file import read_config
from infra.local.flights import SPOILED_COLUMN, Day, days, spoil

CONFIG = Path(__file__).parents[2] / "infra" / "models" / "flights.yaml"


@pytest.fixture(scope="module")
def blizzard() -> list[Day]:
    """Build three days of February once: the day before the blizzard, and the blizzard."""
    return list(days("2013-02-07", "2013-02-09"))


def frame(body: bytes) -> pd.DataFrame:
    return pd.read_parquet(BytesIO(body))


def test_a_day_has_the_columns_of_the_config_the_key_and_the_time(blizzard: list[Day]) -> None:
    config = read_config(CONFIG)

    there = set(frame(blizzard[0].features))

    assert there == {*config.columns, config.data.key, config.data.event_time, "tail_number"}
    assert frame(blizzard[0].features)["flight_id"].is_unique


def test_days_land_where_the_config_looks(blizzard: list[Day]) -> None:
    data = read_config(CONFIG).data

    assert blizzard[0].name == "2013-02-07"
    assert blizzard[0].features_key == f"{data.features}/dt=2013-02-07/part-0.parquet"
    assert blizzard[0].labels_key == f"{data.labels}/dt=2013-02-07/part-0.parquet"


def test_a_cancelled_flight_has_features_and_never_a_label(blizzard: list[Day]) -> None:
    rows = {day.name: (len(frame(day.features)), len(frame(day.labels))) for day in blizzard}

    assert rows == {"2013-02-07": (932, 925), "2013-02-08": (930, 455), "2013-02-09": (684, 291)}
    for day in blizzard:
        assert set(frame(day.labels)["flight_id"]) < set(frame(day.features)["flight_id"])
        assert set(frame(day.labels)["late"]) == {0, 1}


def test_weather_is_the_reading_of_two_hours_before_departure(blizzard: list[Day]) -> None:
    flights = frame(blizzard[0].features)
    newark = flights[flights["origin"] == "EWR"]

    at_noon = newark[newark["scheduled_departure"].dt.strftime("%H:%M") == "17:00"]
    later = newark[newark["scheduled_departure"].dt.strftime("%H:%M") == "17:55"]

    # 17:00 in UTC is noon in New York; the reading of 10:00 is the newest from 10:00 to 10:59.
    assert set(at_noon["temperature"]) == {30.02}
    assert set(later["temperature"]) == {30.02}


def test_a_missing_reading_stays_missing() -> None:
    [new_year] = days("2013-01-01", "2013-01-01")

    assert frame(new_year.features)["temperature"].isna().sum() > 0


def test_the_scheduled_time_knows_the_time_zones(blizzard: list[Day]) -> None:
    flights = frame(blizzard[0].features)

    to_angeles = flights.loc[flights["destination"] == "LAX", "scheduled_minutes"]
    to_san_juan = flights.loc[flights["destination"] == "SJU", "scheduled_minutes"]

    assert to_angeles.between(330, 420).all()
    assert to_san_juan.between(210, 270).all()


def test_spoiling_changes_one_column_and_nothing_else(blizzard: list[Day]) -> None:
    before, after = frame(blizzard[0].features), frame(spoil(blizzard[0].features))

    ratio = after[SPOILED_COLUMN] / before[SPOILED_COLUMN]
    assert ratio.between(1.6, 1.62).all()
    pd.testing.assert_frame_equal(
        before.drop(columns=SPOILED_COLUMN), after.drop(columns=SPOILED_COLUMN)
    )
    assert (before.dtypes == after.dtypes).all()


def test_built_days_are_found_again_in_the_cache(tmp_path: Path) -> None:
    built = list(days("2013-03-01", "2013-03-02", cache=tmp_path))
    (tmp_path / "2013-03-01.features.parquet").write_bytes(b"kept")

    found = list(days("2013-03-01", "2013-03-02", cache=tmp_path))

    assert found[0].features == b"kept"
    assert found[1] == built[1]
