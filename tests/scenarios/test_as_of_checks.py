"""Columns of a joined table are checked like any other, however the partition is read."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from core.domain.partition import days_before
from core.domain.verdict import ErrorClass, Verdict
from core.domain.watch import Watch
from core.ports import ObjectInfo
from functions.arrays import NumberColumn, Sized
from functions.data.landed_objects import objects_of
from functions.data.partitions import read_partition
from functions.flows.check_partition import check_partition
from functions.flows.checking.history import reference_in_use
from functions.flows.checking.learn_reference import learn_reference
from functions.flows.checking.measure import columns_of
from tests.disturbed_stores import CountingObjects
from tests.watched_model import ROWS, WatchedModel, parquet_of
from tests.weather_table import (
    PREFIX,
    Weather,
    days,
    some_weather,
    through_the_day,
    weather_config,
    weather_lands,
)

DAY = "2013-01-13"
LEARNED = tuple(days_before("2013-01-01", -ahead) for ahead in range(14))
CHECKED = "2013-01-15"


def checked_with_weather(watched: WatchedModel, weather: Weather = some_weather) -> Verdict:
    """Learn what fourteen days look like, then check one more with this weather."""
    for day in LEARNED:
        watched.lands(day, through_the_day(day, 200))
    weather_lands(watched, days(len(LEARNED)))
    learn_reference(watched.config, LEARNED, watched.ports)
    weather_lands(watched, [CHECKED], weather)
    watched.lands(CHECKED, through_the_day(CHECKED, 200))
    return check_partition("flights", CHECKED, watched.ports).verdict


def test_a_joined_column_is_checked_like_any_other(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, weather_config())

    verdict = checked_with_weather(watched)

    assert not verdict.is_broken
    key = watched.ports.records.get(Watch, "flights")
    assert key is not None
    in_use = reference_in_use(key.reference_key, watched.ports)
    assert in_use is not None
    assert [*in_use.reference.ruler.columns] == ["distance", "carrier", "temp"]


def test_a_feed_that_stops_is_found_in_the_column_that_is_joined(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, weather_config())

    verdict = checked_with_weather(watched, lambda day: some_weather(day, range(2)))

    assert [blame.column for blame in verdict.blamed] == ["temp"]
    assert verdict.sentence == "`temp`: 46 % missing, never before"


def test_a_table_that_cannot_be_joined_is_said_and_the_other_columns_are_checked(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, weather_config())

    verdict = checked_with_weather(watched, lambda day: some_weather(day).drop(columns="temp"))

    [blame] = verdict.blamed
    assert blame.error_class is ErrorClass.HARD
    assert blame.sentence == (
        "`temp` cannot be joined from `weather`: `temp` is missing in "
        "weather/observed/dt=2013-01-15/part-0.parquet"
    )


def joined_in(watched: WatchedModel, found: list[ObjectInfo]) -> list[float]:
    """Read the joined column of some objects as a check does."""
    columns = columns_of(watched.config)
    joined: list[float] = []

    def take(part: Sized) -> None:
        temp = part.batch["temp"]
        assert isinstance(temp, NumberColumn)
        joined.extend(temp.values.tolist())

    read_partition(found, columns, watched.ports.objects, take)
    return joined


def test_an_object_that_is_profiled_by_itself_is_joined_as_in_the_whole_partition(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, weather_config())
    weather_lands(watched, days(1, DAY))
    frame = through_the_day(DAY, 200)
    watched.lands(DAY, frame.iloc[:120])
    watched.lands(DAY, frame.iloc[120:], "part-1")

    found = objects_of(watched.config.data.features, DAY, watched.ports.objects)

    assert len(found) == 2
    by_itself = [temp for one in found for temp in joined_in(watched, [one])]
    assert joined_in(watched, found) == by_itself
    assert len(by_itself) == 200
    assert not np.isnan(by_itself).any()


def test_text_without_types_is_joined_as_well_whatever_else_is_wrong_with_it(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, weather_config())
    for day in (*days(0, DAY), DAY):
        observed = some_weather(day).to_csv(index=False).encode()
        watched.puts(PREFIX, day, observed, ending="csv")
    frame = through_the_day(DAY)
    twice = frame.assign(again=frame["distance"])
    body = twice.to_csv(index=False, header=[*frame.columns, "distance"]).encode()
    watched.puts("flights/features", DAY, body, ending="csv")

    found = objects_of(watched.config.data.features, DAY, watched.ports.objects)

    assert len(joined_in(watched, found)) == ROWS
    assert not np.isnan(joined_in(watched, found)).any()


@pytest.mark.parametrize("missing", ["carrier", "scheduled_departure"])
def test_a_partition_without_what_it_is_joined_by_is_said_to_lack_it(
    tmp_path: Path, missing: str
) -> None:
    watched = WatchedModel(tmp_path, weather_config())
    weather_lands(watched, days(1, DAY))
    watched.lands(DAY, through_the_day(DAY).drop(columns=missing))

    verdict = check_partition("flights", DAY, watched.ports).verdict

    said = {blame.column: blame.sentence for blame in verdict.blamed}
    assert said[missing] == f"`{missing}` is missing"
    assert said["temp"].endswith(f"the features have no column `{missing}`")


def test_a_check_reads_a_table_once_however_many_pieces_the_partition_has(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, weather_config())
    for day in days(1, DAY):
        watched.puts(PREFIX, day, parquet_of(some_weather(day)), f"weather-{day}")
    frame = through_the_day(DAY, 200)
    sink = BytesIO()
    frame.iloc[:150].to_parquet(sink, row_group_size=10)
    watched.puts("flights/features", DAY, sink.getvalue())
    watched.lands(DAY, frame.iloc[150:], "part-1")
    objects = CountingObjects(tmp_path / "objects")
    found = objects_of("flights/features", DAY, objects)

    columns = columns_of(watched.config)
    reading = read_partition(found, columns, objects, lambda _: None)

    assert (reading.rows, reading.mistyped) == (200, {})
    tables = [f"weather-{day}.parquet" for day in days(1, DAY)]
    assert objects.read == [*tables, "part-0.parquet", "part-1.parquet"]
