"""Partitions as CSV and JSON lines: watched, scored and learned from as Parquet is."""

from pathlib import Path

import pandas as pd
import pytest

from core.domain.partition import days_before
from core.domain.scored import Scored
from core.domain.verdict import Basis, Severity
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.checking.learn_reference import learn_reference
from functions.flows.retrain import retrain
from functions.flows.score import score
from tests.builders import a_config, served_elsewhere
from tests.checked_model import DAY, LEARNED, check_of, flights, told
from tests.watched_model import FIRST_DAY, WatchedModel, some_flights, some_labels, training
from tests.written import WRITERS, csv_of, json_of

OTHERS = [ending for ending in WRITERS if ending != "parquet"]
CONFIG = a_config(training=training())


def lands(
    watched: WatchedModel, ending: str, frame: pd.DataFrame, day: str = DAY, side: str = "features"
) -> str:
    return watched.puts(f"flights/{side}", day, WRITERS[ending](frame), ending=ending)


def learned(tmp_path: Path, ending: str) -> WatchedModel:
    watched = WatchedModel(tmp_path)
    for day in LEARNED:
        lands(watched, ending, flights(day), day)
    learn_reference(watched.config, LEARNED, watched.ports)
    return watched


def labels(day: str) -> pd.DataFrame:
    known = some_labels(day)
    return pd.DataFrame({"flight_id": list(known), "late": list(known.values())})


def scores_of(watched: WatchedModel, day: str) -> "pd.Series[float]":
    scored = watched.ports.records.get(Scored, Scored.id_of("flights", day))
    assert scored is not None
    served = LoggedPredictions.read(scored.served, watched.ports.objects)
    return pd.Series(served.said, index=served.keys)


@pytest.mark.parametrize("ending", OTHERS)
def test_a_day_is_judged_by_its_format_s_own_history(tmp_path: Path, ending: str) -> None:
    watched = learned(tmp_path, ending)

    fine = told(watched, lands(watched, ending, flights(DAY)))
    other = flights(DAY).assign(distance=lambda rows: rows["distance"] * 1609)
    broken = told(watched, lands(watched, ending, other))

    assert (fine["severity"], fine["basis"], fine["rows"]) == (Severity.OK, Basis.REFERENCE, 200)
    assert broken["blamed"][0]["column"] == "distance"


@pytest.mark.parametrize("ending", OTHERS)
def test_another_format_than_the_history_s_is_nothing_unusual(tmp_path: Path, ending: str) -> None:
    watched = learned(tmp_path, "parquet")

    answer = told(watched, lands(watched, ending, flights(DAY)))

    assert (answer["score"] < 1, answer["added"]) == (True, [])


@pytest.mark.parametrize("ending", OTHERS)
def test_a_number_that_is_none_turns_its_column_to_text_and_the_others_are_judged(
    tmp_path: Path, ending: str
) -> None:
    watched = learned(tmp_path, "parquet")
    frame = flights(DAY).astype({"distance": object}).assign(carrier="ZZ")
    frame.loc[7, "distance"] = "far"

    told(watched, lands(watched, ending, frame))

    [alert] = watched.alerts()
    said = {blame.column: blame.sentence for blame in alert.evidence.blamed}
    assert said["distance"] == "`distance` holds text, a number is expected"
    assert "carrier" in said


@pytest.mark.parametrize("ending", OTHERS)
def test_what_is_not_there_counts_as_null(tmp_path: Path, ending: str) -> None:
    watched = learned(tmp_path, "parquet")
    frame = flights(DAY)
    frame.loc[:99, ["distance", "carrier"]] = None

    told(watched, lands(watched, ending, frame))

    [alert] = watched.alerts()
    said = {blame.column: blame.sentence for blame in alert.evidence.blamed}
    assert said["distance"] == "`distance`: 50 % missing, never before"
    assert said["carrier"] == "`carrier`: 50 % missing, never before"


@pytest.mark.parametrize(
    ("ending", "body", "said"),
    [
        ("csv", csv_of(flights(DAY)) + b"1,2\n", "`part-0.csv` cannot be read as CSV"),
        ("csv", csv_of(flights(DAY)) + b'"1,2,3,4\n', "`part-0.csv` cannot be read as CSV"),
        ("csv.gz", csv_of(flights(DAY)), "`part-0.csv.gz` cannot be read as CSV"),
        ("jsonl", json_of(flights(DAY))[:-9], "`part-0.jsonl` cannot be read as JSON lines"),
        ("json", b"[]", "`part-0.json` cannot be read as JSON lines"),
        ("csv", b"", "The partition has no rows"),
        ("jsonl", b"\n", "The partition has no rows"),
        ("csv", csv_of(flights(DAY).head(0)), "The partition has no rows"),
    ],
    ids=["ragged", "quote", "not packed", "cut off", "a list", "empty", "no record", "header"],
)
def test_a_broken_object_is_named_with_its_format(
    tmp_path: Path, ending: str, body: bytes, said: str
) -> None:
    watched = learned(tmp_path, "parquet")

    told(watched, watched.puts("flights/features", DAY, body, ending=ending))

    [alert] = watched.alerts()
    assert alert.evidence.summary == said


def test_a_record_may_leave_out_what_it_has_no_value_for(tmp_path: Path) -> None:
    watched = learned(tmp_path, "jsonl")
    frame = flights(DAY)
    body = json_of(frame.drop(columns="carrier").head(1)) + json_of(frame.iloc[1:])

    answer = told(watched, watched.puts("flights/features", DAY, body, ending="jsonl"))

    assert (answer["blamed"], answer["rows"]) == ([], 200)


def test_other_endings_are_no_data(tmp_path: Path) -> None:
    watched = learned(tmp_path, "csv")
    key = lands(watched, "csv", flights(DAY))
    watched.puts("flights/features", DAY, b"{}", part="_committed", ending="json")
    watched.puts("flights/features", DAY, b"Hello", part="readme", ending="txt")

    assert told(watched, key)["rows"] == 200
    assert check_of(watched).verdict.blamed == ()


@pytest.mark.parametrize("ending", OTHERS)
def test_a_model_is_trained_on_it_and_scores_it_as_it_does_parquet(
    tmp_path: Path, ending: str
) -> None:
    scores = []
    for name, written in (("one", "parquet"), ("other", ending)):
        watched = WatchedModel(tmp_path / name, CONFIG)
        days = [days_before(FIRST_DAY, -ahead) for ahead in range(10)]
        for day in days:
            lands(watched, written, some_flights(day), day)
            lands(watched, written, labels(day), day, "labels")
        watched.it_is(days_before(days[-1], -3))
        assert retrain("flights", "watchkeeper", "first", watched.ports).decision == "trained"
        lands(watched, written, some_flights(DAY), DAY)
        assert score("flights", DAY, watched.ports).decision == "scored"
        scores.append(scores_of(watched, DAY))

    pd.testing.assert_series_equal(scores[0], scores[1])


def test_objects_of_one_partition_may_have_several_formats(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, CONFIG)
    watched.lived_through(10)
    retrain("flights", "watchkeeper", "first", watched.ports)
    frame = some_flights(DAY, 60)
    keys = [
        watched.puts("flights/features", DAY, WRITERS[ending](rows), part=ending, ending=ending)
        for ending, rows in (
            ("csv", frame.head(20)),
            ("parquet", frame.iloc[20:40]),
            ("jsonl", frame.tail(20)),
        )
    ]

    checked, scoring = told(watched, keys[-1]), score("flights", DAY, watched.ports)

    assert (checked["rows"], checked["blamed"]) == (60, [])
    assert (scoring.decision, len(scores_of(watched, DAY))) == ("scored", 60)


def test_history_in_one_format_and_new_days_in_another_are_learned_together(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, CONFIG)
    watched.lived_through(10)
    for ahead, ending in zip(range(6, 10), OTHERS, strict=True):
        day = days_before(FIRST_DAY, -ahead)
        (tmp_path / f"objects/flights/features/dt={day}/part-0.parquet").unlink()
        lands(watched, ending, some_flights(day), day)

    assert retrain("flights", "watchkeeper", "first", watched.ports).decision == "trained"


def test_keys_join_labels_of_another_format(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, CONFIG)
    watched.lived_through(10)
    retrain("flights", "watchkeeper", "first", watched.ports)
    numbered = some_flights(DAY).assign(flight_id=range(7, 47))
    watched.lands_and_is_scored(DAY, numbered)

    known = pd.DataFrame({"flight_id": range(7, 47), "late": [True, False] * 20})
    key = lands(watched, "csv", known, DAY, "labels")
    [answer] = watched.call("join_labels", {"detail": {"object": {"key": key}}})["results"]

    assert (answer["decision"], answer["cohort"]["labelled_share"]) == ("booked", 1.0)


@pytest.mark.parametrize("ending", OTHERS)
def test_predictions_of_another_system_are_taken_from_it(tmp_path: Path, ending: str) -> None:
    watched = WatchedModel(tmp_path, served_elsewhere())
    keys = some_flights(DAY)["flight_id"]
    frame = pd.DataFrame({"flight_id": keys, "probability": 0.25})

    watched.puts("others/scores", DAY, WRITERS[ending](frame), ending=ending)
    score("flights", DAY, watched.ports)

    assert set(scores_of(watched, DAY)) == {0.25}


def test_a_version_that_reads_a_number_scores_csv_of_a_config_that_calls_it_a_category(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, CONFIG)
    watched.lived_through(10)
    retrain("flights", "watchkeeper", "first", watched.ports)
    carrier = {"carrier": {"type": "category"}}
    watched.apply(a_config(columns={**carrier, "distance": {"type": "category"}}))
    lands(watched, "csv", some_flights(DAY))

    assert score("flights", DAY, watched.ports).decision == "scored"
