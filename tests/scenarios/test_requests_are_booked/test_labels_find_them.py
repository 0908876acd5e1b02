"""Rows that were asked for belong to the cohort of their day, and labels find them there."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.domain.evaluation import Evaluation
from core.domain.failure import Filing
from core.domain.requested import Requested
from core.domain.score_request import partition_of
from core.flows.file_failure import file_failure
from functions.flows.join_labels import join_labels
from functions.flows.judging.evaluate_version import repeat_evaluation
from functions.flows.judging.judged_rows import rows_of_slices
from tests.builders import ADA, NOON, a_config
from tests.disturbed_stores import CountingObjects
from tests.scenarios.test_requests_are_booked.asking import (
    BEFORE,
    DAY,
    NEXT,
    asked,
    brier,
    farther,
    labelled,
    rows_of,
    trained,
)
from tests.watched_model import ROWS, WatchedModel, some_flights


def test_labels_find_rows_that_were_only_ever_asked_for(watched: WatchedModel) -> None:
    scores = asked(watched)

    booking = labelled(watched)

    assert booking.decision == "booked"
    [outcome] = watched.cohort(DAY).outcomes
    assert (outcome.version, outcome.stage) == (watched.serving().champion, "champion")
    assert (outcome.predicted, outcome.labelled) == (ROWS, ROWS)
    assert outcome.brier == pytest.approx(brier(scores))
    assert (watched.cohort(DAY).labelled_share, watched.cohort(DAY).unmatched) == (1.0, 0)
    assert watched.alerts() == []


@pytest.mark.parametrize(
    ("event_time", "partition"),
    [
        ("2013-02-08", "2013-02-08"),
        ("2013-02-08T23:30:00", "2013-02-08"),
        ("2013-02-08T23:30:00Z", "2013-02-08"),
        ("2013-02-08T23:30:00-05:00", "2013-02-09"),
        ("2013-02-08T01:30:00+02:00", "2013-02-07"),
        (None, f"{NOON:%Y-%m-%d}"),
        ("tomorrow", f"{NOON:%Y-%m-%d}"),
        (1360366200, f"{NOON:%Y-%m-%d}"),
        (["2013-02-08"], f"{NOON:%Y-%m-%d}"),
        ("9999-12-31T23:59:59-10:00", f"{NOON:%Y-%m-%d}"),
        ("9500-01-01", f"{NOON:%Y-%m-%d}"),
    ],
)
def test_a_row_belongs_to_the_utc_day_of_its_event_else_to_that_of_the_request(
    event_time: Any,  # noqa: ANN401 - whatever JSON holds
    partition: str,
) -> None:
    assert partition_of(event_time, NOON) == partition


def test_rows_of_several_days_in_one_request_are_booked_to_their_days(
    watched: WatchedModel,
) -> None:
    without = {"flight_id": "x", "distance": 900.0, "carrier": "AA"}
    rows = [*rows_of(flights=range(3)), *rows_of(NEXT, range(2)), without]

    body = json.dumps({"model": "flights", "rows": rows})
    event = {"body": body, "requestContext": {"requestId": "r1"}}
    answer = json.loads(watched.call("score_request", event)["body"])

    assert [one["partition"] for one in answer["predictions"]] == [DAY] * 3 + [NEXT] * 2 + [BEFORE]
    listed = watched.ports.objects.list("predictions/flights/requests/")
    assert [stored.key.split("/")[3] for stored in listed] == [
        f"dt={day}" for day in (BEFORE, DAY, NEXT)
    ]
    labelled(watched)
    assert watched.cohort(DAY).served.predicted == 3


def test_requests_that_come_after_the_labels_are_booked_when_labels_land_again(
    watched: WatchedModel,
) -> None:
    asked(watched, rows_of(flights=range(10)))
    labelled(watched)
    assert watched.cohort(DAY).served.predicted == 10
    asked(watched, rows_of(flights=range(30)), name="late")

    booking = labelled(watched)

    assert booking.decision == "booked"
    assert watched.cohort(DAY).served.predicted == 30
    assert watched.cohort(DAY).corrections == 0


def test_without_a_new_request_the_same_labels_change_nothing_and_no_answer_is_read_again(
    watched: WatchedModel,
) -> None:
    for number in range(20):
        asked(watched, rows_of(flights=range(number, number + 2)), name=f"r{number}")
    labelled(watched)
    before = watched.cohort(DAY)

    counted = CountingObjects(watched.folder / "objects")
    watched.ports = replace(watched.ports, objects=counted)
    again = labelled(watched)

    assert (again.decision, again.cohort) == ("unchanged", before)
    assert [key for key in counted.got if "/requests/" in key] == []


def test_what_cannot_be_read_among_the_answers_is_left_out(watched: WatchedModel) -> None:
    asked(watched)
    watched.ports.objects.put(f"predictions/flights/requests/dt={DAY}/odd.champion.parquet", b"?")

    labelled(watched)

    assert watched.cohort(DAY).served.predicted == ROWS


def test_what_a_version_says_of_a_partition_that_it_has_learned_from_counts_nowhere(
    watched: WatchedModel,
) -> None:
    learned = watched.version(watched.serving().champion).manifest.partitions[0].partition
    asked(watched, rows_of(learned))
    watched.labels_land(learned)

    booking = join_labels("flights", learned, watched.ports)

    assert booking.decision == "not predicted"
    found = watched.ports.records.get(Requested, Requested.id_of("flights", learned))
    assert found is not None
    assert found.hindsight == ROWS


def test_rows_of_a_slice_are_found_among_what_was_asked_for_as_it_was_sent(
    watched: WatchedModel,
) -> None:
    asked(watched, [rows_of()[0] | {"carrier": "AA"}, rows_of()[1] | {"carrier": "UA"}])
    watched.now += timedelta(hours=1)
    watched.lands_and_is_scored(DAY, some_flights(DAY).assign(carrier="UA"))
    labelled(watched)
    [where] = [
        one.where
        for one in a_config(
            evaluation={
                "slices": [{"name": "AA", "where": [{"column": "carrier", "one_of": ["AA"]}]}]
            }
        ).evaluation.slices
    ]

    [found] = rows_of_slices(watched.config, [where], DAY, watched.ports)

    assert found.tolist() == [f"{DAY}-000"]


def test_a_row_that_was_only_asked_for_can_be_flagged_and_later_versions_are_judged_by_it(
    watched: WatchedModel,
) -> None:
    asked(watched, rows_of(flights=range(3)))
    asked(watched, farther(rows_of(flights=range(3))), name="s")
    labelled(watched)
    for number, label in ((0, "1"), (1, None), (7, "1")):
        filing = Filing(partition=DAY, key=f"{DAY}-{number:03}", label=label)
        file_failure("flights", filing, ADA, watched.ports)

    version = trained(watched, estimator="DecisionTreeClassifier")

    [evaluation] = watched.ports.records.query(Evaluation, f"evaluations:{version}")
    [filed] = [one for one in evaluation.parts if one.name == "filed failures"]
    assert filed.rows == 2
    assert "1 filed failure without a row, or without a label yet." in evaluation.notes
    again = repeat_evaluation(evaluation.id, watched.config, watched.ports)
    assert (again.parts, again.validation_set) == (evaluation.parts, evaluation.validation_set)
