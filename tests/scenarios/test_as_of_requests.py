"""Rows of a request, and versions of another config, get what their own table says."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.domain.ids import VersionId
from core.domain.parity import Parity
from functions.data.feature_rows import as_read_by, landed_features
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.retrain import retrain
from functions.flows.score import Scoring
from functions.flows.scoring.join_request import MOST_DAYS
from tests.watched_model import WatchedModel, training
from tests.weather_table import (
    PREFIX,
    some_weather,
    through_the_day,
    weather_config,
    weather_lands,
    with_weather,
)

DAY = "2013-01-13"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion and the weather of one day more."""
    watched = with_weather(tmp_path)
    trained(watched)
    weather_lands(watched, [DAY])
    return watched


def trained(watched: WatchedModel) -> VersionId:
    version = retrain("flights", "watchkeeper", "cadence", watched.ports).version
    assert version is not None
    return version


def flight(name: str = "a", **changes: Any) -> dict[str, Any]:
    stated = {
        "flight_id": name,
        "distance": 2500.0,
        "carrier": "UA",
        "scheduled_departure": f"{DAY}T10:30:00Z",
    }
    return stated | changes


def known(hour: int, carrier: str = "UA", day: str = DAY) -> float:
    weather = some_weather(day)
    at = pd.Timestamp(day, tz="UTC") + pd.Timedelta(hours=hour)
    [temp] = weather[(weather["carrier"] == carrier) & (weather["read_at"] == at)]["temp"]
    return float(temp)


def answered(watched: WatchedModel, *rows: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps({"model": "flights", "rows": rows})
    answer: dict[str, Any] = json.loads(watched.call("score_request", {"body": body})["body"])
    return answer


def scores(watched: WatchedModel, *rows: dict[str, Any]) -> list[float]:
    return [one["score"] for one in answered(watched, *rows)["predictions"]]


def test_a_row_that_lacks_the_column_gets_what_a_row_of_a_partition_gets(
    watched: WatchedModel,
) -> None:
    by_itself = flight("b", temp=known(10))

    joined, carried = scores(watched, flight("a"), by_itself)

    assert joined == carried


def test_a_row_that_brings_the_column_along_keeps_it_null_too(watched: WatchedModel) -> None:
    joined, carried, unknown = scores(
        watched, flight("a"), flight("b", temp=known(10) + 30), flight("c", temp=None)
    )

    assert len({joined, carried, unknown}) == 3


def test_days_and_times_without_a_zone_are_those_of_utc(watched: WatchedModel) -> None:
    before = "2013-01-12"
    rows = [
        flight("a", scheduled_departure=f"{DAY} 00:30:00"),
        flight("b", temp=known(0)),
        flight("c", scheduled_departure=f"{before}T20:00:00-05:00"),
        flight("d", temp=known(0)),
        flight("e", scheduled_departure=f"{before}T12:30:00+00:00", carrier="AA"),
        flight("f", temp=known(12, "AA", before), carrier="AA"),
    ]

    a, b, c, d, e, f = scores(watched, *rows)

    # Of one o'clock of UTC: what becomes known just then does not count.
    assert (a, c, e) == (b, d, f)


def test_a_row_that_cannot_be_joined_is_refused_in_words(watched: WatchedModel) -> None:
    without_time = {k: v for k, v in flight("a").items() if k != "scheduled_departure"}

    refused = answered(watched, without_time, flight("b", scheduled_departure="noon"), flight("c"))[
        "refused"
    ]

    assert [one["why"] for one in refused] == [
        "`temp` is missing, and `scheduled_departure`, by which it would be joined",
        "`temp` cannot be joined: `scheduled_departure` is no time",
    ]


def test_a_request_about_many_days_is_answered_for_the_first_ones(watched: WatchedModel) -> None:
    rows = [
        flight(str(day), scheduled_departure=f"2013-01-{day:02}T10:00:00Z") for day in range(1, 13)
    ]

    answer = answered(watched, *rows)

    assert len(answer["predictions"]) == MOST_DAYS
    assert {one["why"] for one in answer["refused"]} == {
        "its event lies on one day of more than 10; send it by itself"
    }


def test_what_landed_a_moment_ago_counts_after_half_a_minute(watched: WatchedModel) -> None:
    before = scores(watched, flight())
    weather_lands(watched, [DAY], lambda day: some_weather(day).assign(temp=99.0))
    at_once = scores(watched, flight())
    watched.now += pd.Timedelta(seconds=31)

    after = scores(watched, flight())

    assert before == at_once
    assert after != before


def test_a_table_that_is_gone_is_said_in_the_answer(watched: WatchedModel) -> None:
    for stored in watched.ports.objects.list(PREFIX):
        (watched.folder / "objects" / stored.key).unlink()

    answer = answered(watched, flight())

    assert answer["error"].endswith("from `weather`: nothing lies under weather/observed.")


def said(scoring: Scoring, watched: WatchedModel, stage: str) -> list[float]:
    assert scoring.scored is not None
    [logged] = [log for log in scoring.scored.logs if log.stage == stage]
    read = LoggedPredictions.read(logged, watched.ports.objects)
    return list(read.at(read.keys))


def test_a_champion_goes_on_reading_its_own_table_when_another_config_is_tried(
    watched: WatchedModel, tmp_path: Path
) -> None:
    alone = with_weather(tmp_path / "alone")
    trained(alone)
    hours = {"at_most_hours": 1}
    watched.apply(weather_config(hours, training=training(seed=3)))
    challenger = trained(watched)
    for one in (watched, alone):
        weather_lands(one, [DAY], lambda day: some_weather(day, range(0, 24, 3)))

    scoring = watched.lands_and_is_scored(DAY, through_the_day(DAY))

    by_itself = alone.lands_and_is_scored(DAY, through_the_day(DAY))
    assert said(scoring, watched, "champion") == said(by_itself, alone, "champion")
    parity = watched.ports.records.get(Parity, Parity.id_of("flights", challenger))
    assert parity is not None
    assert parity.is_same
    assert said(scoring, watched, "shadow") != said(scoring, watched, "champion")


def test_a_column_that_lands_with_the_features_by_now_is_taken_from_there(
    watched: WatchedModel,
) -> None:
    before = watched.config
    now = weather_config(data=before.data.model_copy(update={"as_of": ()}).model_dump())
    watched.lands(DAY, through_the_day(DAY).assign(temp=1.0))
    rows = landed_features(now, DAY, watched.ports.objects)
    assert rows is not None

    read = as_read_by(before, now, rows.table, DAY, watched.ports.objects)

    assert read.column("temp").to_pylist() == [1.0] * 40
