"""Key, time, label or prediction goes by another name: found and told, and nothing is lost."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from core.domain.verdict import ErrorClass, Severity
from functions.flows.join_labels import join_labels
from functions.flows.retrain import retrain
from functions.flows.score import score
from infra.local.backtesting import tell_backtest
from tests.builders import a_config, served_elsewhere
from tests.checked_model import DAY, LEARNED, check_of, checked, flights, told
from tests.real_tables import RealTable, diabetes, wine
from tests.watched_model import WatchedModel, parquet_of, some_labels, training
from tests.written import WRITERS


@pytest.fixture
def known(known: WatchedModel) -> WatchedModel:
    """A model whose first days are learned, on the day after them."""
    known.it_is(DAY)
    return known


@pytest.fixture
def serving(known: WatchedModel) -> WatchedModel:
    """The same with a champion."""
    for day in LEARNED:
        late = (flights(day)["distance"] > 1500).astype(int)
        known.labels_land(day, dict(zip(flights(day)["flight_id"], late.tolist(), strict=True)))
    assert retrain("flights", "watchkeeper", "cadence", known.ports).decision == "trained"
    return known


@pytest.mark.parametrize("ending", list(WRITERS))
def test_a_renamed_key_is_found_among_new_columns_and_the_config_key_is_named(
    known: WatchedModel, ending: str
) -> None:
    frame = flights(DAY).rename(columns={"flight_id": "id"}).assign(gate="A1")
    frame = frame.assign(number=range(len(frame)))

    told(known, known.puts("flights/features", DAY, WRITERS[ending](frame), ending=ending))

    [blame] = known.only_alert().evidence.blamed
    assert blame.error_class is ErrorClass.HARD
    assert blame.sentence == (
        "`flight_id` is missing; `id` looks like it: if it was renamed, set `data.key: id`"
    )
    assert check_of(known).verdict.added == ("gate", "number")


def test_a_key_that_is_only_gone_is_missing(known: WatchedModel) -> None:
    checked(known, flights(DAY).drop(columns="flight_id").assign(gate="A1"))

    [blame] = known.only_alert().evidence.blamed
    assert blame.sentence == "`flight_id` is missing"


def test_rows_whose_key_was_renamed_stay_and_are_not_scored_which_is_said(
    serving: WatchedModel,
) -> None:
    frame = flights(DAY).rename(columns={"flight_id": "id"})
    key = serving.puts("flights/features", DAY, parquet_of(frame))

    answer = score("flights", DAY, serving.ports)

    assert answer.decision == "bad data"
    assert serving.only_alert().evidence.summary == (
        f"Under flights/features, {DAY}: the column `flight_id` must name every row, but it is "
        "missing; `id` looks like it: if it was renamed, set `data.key: id`."
    )
    assert serving.ports.objects.get(key) == parquet_of(frame)

    renamed = serving.config.data.model_copy(update={"key": "id"})
    serving.apply(serving.config.model_copy(update={"data": renamed}))

    assert score("flights", DAY, serving.ports).decision == "scored"


def test_a_training_is_refused_in_words_while_a_key_is_missing(serving: WatchedModel) -> None:
    frame = flights(DAY).rename(columns={"flight_id": "id"})
    serving.puts("flights/features", DAY, parquet_of(frame))
    serving.labels_land(DAY, some_labels(DAY, 200))
    serving.it_is("2013-01-18")

    answer = retrain("flights", "watchkeeper", "cadence", serving.ports)

    assert answer.decision == "bad data"
    assert "set `data.key: id`" in serving.only_alert().evidence.summary


@pytest.mark.parametrize("ending", list(WRITERS))
def test_a_renamed_time_of_the_event_is_found(known: WatchedModel, ending: str) -> None:
    frame = flights(DAY).rename(columns={"scheduled_departure": "departs"})
    frame = frame.assign(booked=pd.Timestamp(DAY, tz="UTC") - pd.Timedelta(days=40), gate="A1")

    told(known, known.puts("flights/features", DAY, WRITERS[ending](frame), ending=ending))

    [blame] = known.only_alert().evidence.blamed
    assert blame.sentence == (
        "`scheduled_departure` is missing; `departs` looks like it: if it was renamed, set "
        "`data.event_time: departs`"
    )


def test_a_time_of_the_event_that_nothing_looks_like_is_no_news(known: WatchedModel) -> None:
    frame = flights(DAY).drop(columns="scheduled_departure").assign(gate="A1")

    assert checked(known, frame)["severity"] == Severity.OK
    assert check_of(known).verdict.sentence == "Nothing unusual. New: `gate`."


def test_a_backtest_tells_a_renamed_key(tmp_path: Path) -> None:
    config = a_config(training=training(window_days=len(LEARNED)))
    for day in (*LEARNED, DAY):
        frame = flights(day)
        if day == DAY:
            frame = frame.rename(columns={"flight_id": "id"})
        place = tmp_path / f"features/dt={day}"
        place.mkdir(parents=True)
        (place / "part-0.parquet").write_bytes(parquet_of(frame))
    said: list[str] = []

    tell_backtest(config, tmp_path / "features", said.append, as_json=False)

    assert said[0].endswith("if it was renamed, set `data.key: id`")


def labels_land(watched: WatchedModel, **renamed: str) -> None:
    labels = some_labels(DAY, 200)
    frame = pd.DataFrame({"flight_id": list(labels), "late": list(labels.values())})
    watched.puts("flights/labels", DAY, parquet_of(frame.rename(columns=renamed)))


@pytest.mark.parametrize(
    ("renamed", "said"),
    [
        (
            {"late": "delayed"},
            f"The labels of {DAY} need a column `late` that holds 0, 1 or nothing",
        ),
        (
            {"flight_id": "id"},
            f"Under flights/labels, {DAY}: the column `flight_id` must name every",
        ),
    ],
    ids=["label", "key"],
)
def test_a_renamed_column_of_labels_is_found_and_what_was_booked_stands(
    serving: WatchedModel, renamed: dict[str, str], said: str
) -> None:
    serving.lands_and_is_scored(DAY, flights(DAY))
    labels_land(serving)
    booked = join_labels("flights", DAY, serving.ports)

    labels_land(serving, **renamed)

    assert booked.decision == "booked"
    assert join_labels("flights", DAY, serving.ports).decision == "bad data"
    summary = serving.only_alert().evidence.summary
    [(_, name)] = renamed.items()
    config_key = "target.column" if name == "delayed" else "data.key"
    assert summary.startswith(said)
    assert summary.endswith(
        f"but it is missing; `{name}` looks like it: if it was renamed, set `{config_key}: {name}`."
    )
    labels_land(serving)
    assert join_labels("flights", DAY, serving.ports).decision == "unchanged"


@pytest.mark.parametrize("table", [wine, diabetes], ids=["classes", "a number"])
def test_labels_of_all_kinds_are_known_again(
    tmp_path: Path, table: Callable[[], RealTable]
) -> None:
    of = table()
    watched = of.watched(tmp_path)
    of.lands(watched, of.days)
    last = of.days[-1]
    truths = of.truths(last).rename(columns={"truth": "outcome"})
    watched.puts("labels", last, parquet_of(truths))

    retrain(of.config.model, "watchkeeper", "cadence", watched.ports)

    assert "set `target.column: outcome`" in watched.only_alert().evidence.summary


@pytest.mark.parametrize(
    ("renamed", "said"),
    [
        ({"probability": "p"}, "`p` looks like it: if it was renamed, set "),
        ({"flight_id": "id"}, "`id` looks like it: if it was renamed, set `data.key: id`."),
    ],
    ids=["score", "key"],
)
def test_a_renamed_column_of_predictions_is_found(
    tmp_path: Path, renamed: dict[str, str], said: str
) -> None:
    watched = WatchedModel(tmp_path, served_elsewhere())
    watched.it_is(DAY)
    frame = pd.DataFrame({"flight_id": flights(DAY)["flight_id"], "probability": 0.25})
    frame = frame.assign(made_by="v7", probability=frame.index / len(frame))
    watched.puts("others/scores", DAY, parquet_of(frame.rename(columns=renamed)))

    answer = score("flights", DAY, watched.ports)

    assert answer.decision == "bad data"
    assert said in watched.only_alert().evidence.summary


def test_one_of_the_renamed_columns_of_class_predictions_is_found(tmp_path: Path) -> None:
    scores = {"prefix": "others/scores", "scores": ("a", "b", "c")}
    config = a_config(
        serving="elsewhere",
        data=a_config().data.model_dump() | {"predictions": scores},
        target={"column": "how", "task": "multiclass", "classes": ("x", "y", "z"), "delay_days": 1},
    )
    watched = WatchedModel(tmp_path, config)
    watched.it_is(DAY)
    frame = pd.DataFrame(
        {"flight_id": flights(DAY)["flight_id"], "a": 0.5, "b": 0.25, "third": 0.25}
    )
    watched.puts("others/scores", DAY, parquet_of(frame))

    score("flights", DAY, watched.ports)

    assert (
        "`third` looks like it: if it was renamed, name it in `data.predictions.scores`."
        in watched.only_alert().evidence.summary
    )
