from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyarrow import csv, parquet
from sklearn.datasets import load_breast_cancer
from sklearn.pipeline import Pipeline

from core.adapters.slack.cards import card_of
from core.domain.challenge import Challenge
from core.domain.environment import OF_SCORING, Environment
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from core.domain.review import Probe, ReviewFinding
from core.domain.version import UsedPartition
from core.ports import changed, new
from functions.data.logged_predictions import LoggedPredictions
from functions.data.provenance import environment
from functions.data.training_set import LabelledPartition, LabelledRows, TrainingSet
from functions.flows.retrain import retrain
from functions.flows.training.review_training import review_training
from functions.ml.columns import select_all
from functions.ml.training.pipeline import learn
from infra.local.flights import days as flight_days
from infra.local.flights import packaged_folder
from tests.builders import ADA, a_config
from tests.watched_model import (
    FIRST_DAY,
    WatchedModel,
    object_created,
    parquet_of,
    some_flights,
    training,
)

DAYS, ROWS, KEPT_BACK = 20, 120, 6
CLEAN_FROM = "2013-03-01"

Day = tuple[pd.DataFrame, "pd.Series[int]"]


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    return WatchedModel(tmp_path)


def a_day(number: int, rows: int = ROWS) -> Day:
    """Flights of one day, late by wind, rain and traffic, none of which says it all."""
    rng = np.random.default_rng(number)
    day = pd.Timestamp(days_before(FIRST_DAY, -number), tz="UTC")
    causes = {name: rng.normal(size=rows) for name in ("wind", "rain", "traffic")}
    frame = pd.DataFrame(
        {
            "flight_id": [f"{day:%m-%d}-{row:03}" for row in range(rows)],
            "scheduled_departure": day + pd.to_timedelta(rng.integers(0, 1440, rows), unit="min"),
            **causes,
        }
    )
    late = 3 * sum(causes.values()) + rng.normal(scale=2, size=rows) > 3
    return frame, pd.Series(late.astype(int))


def some_days(rows: int = ROWS) -> list[Day]:
    return [a_day(number, rows) for number in range(DAYS)]


def config_for(frame: pd.DataFrame, **changes: Any) -> ModelConfig:
    """The config of a model that reads all columns but the key and the time."""
    numbers = set(frame.select_dtypes("number"))
    read = [name for name in frame if name not in {"flight_id", "scheduled_departure"}]
    columns = {name: {"type": "number" if name in numbers else "category"} for name in read}
    stated = {"training": training(window_days=DAYS, validation_days=KEPT_BACK), "columns": columns}
    return a_config(**stated | changes)


def training_set(days: list[Day], first: str = FIRST_DAY) -> TrainingSet:
    partitions = []
    for number, (frame, labels) in enumerate(days):
        used = UsedPartition(
            partition=days_before(first, -number),
            features_hash="f",
            labels_hash="l",
            rows=len(frame),
        )
        table = parquet.read_table(BytesIO(parquet_of(frame)))
        partitions.append(LabelledPartition(used, table, np.asarray(labels, dtype=np.int8)))
    cut = len(partitions) - KEPT_BACK
    return TrainingSet(LabelledRows(tuple(partitions[:cut])), LabelledRows(tuple(partitions[cut:])))


def trained(config: ModelConfig, rows: TrainingSet) -> Pipeline:
    features = select_all(rows.learning.features, config.columns)
    return learn(config.training, config.columns, features, rows.learning.labels, config.target)


def reviewed(
    days: list[Day], watched: WatchedModel, first: str = FIRST_DAY
) -> tuple[ReviewFinding, ...]:
    config, rows = config_for(days[-1][0]), training_set(days, first)
    return review_training(config, rows, trained(config, rows), watched.ports)


def only(found: tuple[ReviewFinding, ...], name: Probe) -> ReviewFinding:
    [finding] = found
    assert finding.name is name
    return finding


def test_in_a_clean_training_nothing_is_found(watched: WatchedModel) -> None:
    assert reviewed(some_days(), watched) == ()


def test_a_feature_that_is_known_only_after_the_event_is_told(watched: WatchedModel) -> None:
    rng = np.random.default_rng(1)
    days = [
        (frame.assign(taxi_in=late * 10 + rng.normal(scale=3, size=ROWS)), late)
        for frame, late in some_days()
    ]

    leak = only(reviewed(days, watched), Probe.LEAK)

    assert not leak.is_blocking
    assert leak.sentence.startswith("`taxi_in`")


def test_a_copy_of_the_target_is_called_one(watched: WatchedModel) -> None:
    days = [
        (frame.assign(refund=late.map({0: "none", 1: "paid"})), late) for frame, late in some_days()
    ]

    leak = only(reviewed(days, watched), Probe.LEAK)

    assert leak.sentence == (
        "`refund` says the target all but exactly on later rows: it is a copy of it."
    )
    assert leak.is_blocking


def test_a_partition_that_landed_again_under_another_day_is_found(watched: WatchedModel) -> None:
    days = some_days()
    days[17] = days[3]

    found = only(reviewed(days, watched), Probe.DUPLICATES)

    assert found.is_blocking
    assert found.sentence.startswith("17 % of the rows it is judged by are events that it learned")


def test_rows_that_were_copied_across_the_cut_in_time_are_found(watched: WatchedModel) -> None:
    days = some_days()
    for number in (15, 18):
        copied, late = days[number - 10]
        fresh = days[number][0]
        days[number] = (copied.assign(flight_id=fresh["flight_id"]), late)
        days[number][0]["scheduled_departure"] = fresh["scheduled_departure"]

    found = only(reviewed(days, watched), Probe.DUPLICATES)

    assert found.sentence == (
        "33 % of the rows it is judged by are exact copies of rows that it learned from; "
        "0.0 % are usual in these data."
    )


def test_rows_of_few_values_that_meet_by_chance_are_no_copies(watched: WatchedModel) -> None:
    rng = np.random.default_rng(1)
    days = [
        (
            frame[["flight_id", "scheduled_departure"]].assign(
                hour=rng.integers(0, 24, ROWS) * 1.0
            ),
            late,
        )
        for frame, late in some_days()
    ]

    assert reviewed(days, watched) == ()


def test_a_date_that_lies_behind_the_event_is_told(watched: WatchedModel) -> None:
    hours = pd.Timedelta(hours=3)
    days = [
        (
            f.assign(
                touchdown=(f["scheduled_departure"] + hours).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
            ),
            late,
        )
        for f, late in some_days()
    ]

    found = only(reviewed(days, watched), Probe.FUTURE)

    assert not found.is_blocking
    assert found.sentence.startswith("`touchdown` holds dates, and 100 % of them lie behind")


@pytest.mark.parametrize(("last_row", "blocks"), [(20, False), (ROWS, True)])
def test_events_behind_their_own_label_are_told_and_many_block(
    watched: WatchedModel, last_row: int, *, blocks: bool
) -> None:
    days = some_days()
    days[8][0].loc[:last_row, "scheduled_departure"] += pd.Timedelta(days=365)

    found = only(reviewed(days, watched), Probe.FUTURE)

    assert found.is_blocking is blocks
    assert "first in 2013-01-09" in found.sentence


@pytest.mark.parametrize("flipped", [range(12, 20), range(12)])
def test_a_fifth_of_flipped_labels_is_found(watched: WatchedModel, flipped: range) -> None:
    rng = np.random.default_rng(5)
    days = some_days(rows=400)
    for number in flipped:
        frame, late = days[number]
        days[number] = (frame, late.where(rng.random(400) >= 0.2, 1 - late))

    found = [finding for finding in reviewed(days, watched) if finding.name is Probe.FLIPS]

    [finding] = found
    assert not finding.is_blocking
    assert "% of the labels of 2013-01-" in finding.sentence


def test_other_shares_than_where_it_is_judged_are_told(watched: WatchedModel) -> None:
    days = some_days()
    for number in range(14, 20):
        frame, late = days[number]
        is_kept = (late == 1) | (frame.index % 4 == 0)
        days[number] = (frame[is_kept].reset_index(drop=True), late[is_kept].reset_index(drop=True))

    found = only(reviewed(days, watched), Probe.PRIOR)

    assert not found.is_blocking
    assert found.sentence.startswith("The share of 1 is")


def test_a_training_that_cannot_be_made_again_is_told(watched: WatchedModel) -> None:
    rows = training_set(some_days())
    config = config_for(a_day(0)[0])
    by_chance = trained(config, training_set(list(reversed(some_days()))))

    found = only(review_training(config, rows, by_chance, watched.ports), Probe.SEED)

    assert found.sentence.startswith("Trained twice on the same rows with the same seed")


def test_another_environment_than_that_of_scoring_is_told(watched: WatchedModel) -> None:
    libraries = environment() | {"numpy": "1.26.4"}
    said = Environment(id=OF_SCORING, libraries=libraries, since=watched.now)
    watched.ports.records.commit(new(said))

    found = only(reviewed(some_days(), watched), Probe.ENVIRONMENT)

    assert "numpy" in found.sentence
    assert "(serving: 1.26.4)" in found.sentence


def test_scoring_says_in_which_environment_it_runs(watched: WatchedModel) -> None:
    watched.lived_through(12)
    retrain("flights", ADA.id, "cadence", watched.ports)
    key = watched.lands("2013-01-13")

    watched.call("score", object_created(key))

    said = watched.ports.records.get(Environment, OF_SCORING)
    assert said is not None
    assert said.libraries == environment()


def test_before_scoring_ever_ran_the_environment_of_the_champion_counts(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    done = retrain("flights", ADA.id, "cadence", watched.ports)
    champion = watched.version(done.version)
    older = champion.manifest.model_copy(update={"environment": {"python": "3.9.1"}})
    watched.ports.records.commit(changed(champion.model_copy(update={"manifest": older})))

    found = only(reviewed(some_days(), watched), Probe.ENVIRONMENT)

    assert "(serving: 3.9.1)" in found.sentence


def test_a_feature_that_is_what_was_served_blocks(watched: WatchedModel) -> None:
    watched.lived_through(12)
    retrain("flights", ADA.id, "cadence", watched.ports)
    scoring = watched.lands_and_is_scored("2013-01-13")
    assert scoring.scored is not None
    served = LoggedPredictions.read(scoring.scored.served, watched.ports.objects)
    watched.apply(
        a_config(columns=a_config().model_dump()["columns"] | {"risk": {"type": "number"}})
    )
    for number in range(12):
        day = days_before(FIRST_DAY, -number)
        frame = some_flights(day)
        watched.lands(day, frame.assign(risk=np.linspace(0, 1, len(frame))))
    watched.lands("2013-01-13", some_flights("2013-01-13").assign(risk=served.said))
    watched.labels_land("2013-01-13")
    watched.it_is("2013-01-15")

    done = retrain("flights", ADA.id, "asked", watched.ports)

    found = only(watched.version(done.version).findings, Probe.LEAK)
    assert found.sentence.startswith("`risk` of 2013-01-13 is what this model predicted")


def test_what_was_found_is_kept_with_the_version_and_stands_on_its_card(
    watched: WatchedModel,
) -> None:
    watched.apply(config_for(a_day(0)[0].assign(refund="none")))
    for number in range(DAYS):
        frame, late = a_day(number)
        day = days_before(FIRST_DAY, -number)
        watched.lands(day, frame.assign(refund=late.map({0: "none", 1: "paid"})))
        watched.labels_land(day, dict(zip(frame["flight_id"], late.tolist(), strict=True)))
    watched.it_is(days_before(FIRST_DAY, -DAYS - 1))

    done = retrain("flights", ADA.id, "cadence", watched.ports)

    version = watched.version(done.version)
    only(version.findings, Probe.LEAK)
    challenge = watched.ports.records.get(Challenge, Challenge.id_of("flights", version.id))
    assert challenge is not None
    assert challenge.findings == version.findings
    assert "`refund` says the target" in str(card_of(challenge).blocks)


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


def test_classes_that_were_mixed_up_on_the_newest_days_are_found(watched: WatchedModel) -> None:
    rng = np.random.default_rng(5)
    days = []
    for number in range(DAYS):
        frame, _ = a_day(number, rows=400)
        told = frame[["wind", "rain"]].sum(axis=1)
        kind = pd.Series(np.digitize(told, [-1, 1]))
        mixed = (kind + rng.integers(1, 3, 400)) % 3
        is_mixed = (rng.random(400) < 0.25) & (number >= 12)
        days.append((frame, kind.where(~is_mixed, mixed)))
    classes = {"column": "kind", "delay_days": 1, "task": "multiclass", "classes": ["a", "b", "c"]}
    config, rows = config_for(days[0][0], target=classes), training_set(days)

    found = review_training(config, rows, trained(config, rows), watched.ports)

    assert Probe.FLIPS in {finding.name for finding in found}
