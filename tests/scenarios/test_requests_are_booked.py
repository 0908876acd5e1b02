"""Rows that were asked for over HTTP belong to a cohort: labels find them, shadows predict them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn import metrics as theirs

from core.adapters.folder.objects import FolderObjects
from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.cohort import Cohort, Outcome
from core.domain.evaluation import Evaluation
from core.domain.evidence import Evidence
from core.domain.failure import Filing
from core.domain.ids import VersionId
from core.domain.requested import Requested
from core.domain.score_request import partition_of
from core.flows.file_failure import file_failure
from core.flows.promote import promote
from core.ports import changed
from functions.data.cohort_predictions import CohortPredictions
from functions.flows.join_labels import Booking, join_labels
from functions.flows.judging.evaluate_version import repeat_evaluation
from functions.flows.judging.judged_rows import rows_of_slices
from functions.flows.predict_in_shadow import predict_in_shadow
from functions.flows.retrain import retrain
from functions.flows.score import score
from functions.flows.scoring.requested_rows import not_between_arms, predictions_of
from tests.builders import ADA, NOON, a_config
from tests.scenarios.test_falling_back import is_corrupted, is_denied, throws
from tests.staged import passes_its_gate
from tests.watched_model import ROWS, WatchedModel, some_flights, some_labels, training

BEFORE, DAY, NEXT = "2013-01-14", "2013-01-15", "2013-01-16"
LABELS = some_labels(DAY)


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion, on the day before the flights that are asked about."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    trained(watched)
    return watched


def trained(watched: WatchedModel, **changes: Any) -> VersionId:
    loop = changes.pop("has_feedback_loop", False)
    stages = {"has_feedback_loop": loop, "canary_shares": [0.4] if loop else []}
    columns = {"columns": changes.pop("columns")} if "columns" in changes else {}
    watched.apply(a_config(training=training(**changes), stages=stages, **columns))
    version = retrain("flights", "watchkeeper", "cadence", watched.ports).version
    assert version is not None
    return version


def rows_of(day: str = DAY, flights: Iterable[int] = range(ROWS)) -> list[dict[str, Any]]:
    frame = some_flights(day).iloc[list(flights)]
    frame["scheduled_departure"] = frame["scheduled_departure"].map(lambda at: at.isoformat())
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def asked(
    watched: WatchedModel, rows: list[dict[str, Any]] | None = None, name: str = "r1"
) -> dict[str, float]:
    """Ask about rows; returns the score of each."""
    body = json.dumps({"model": "flights", "rows": rows_of() if rows is None else rows})
    event = {"body": body, "requestContext": {"requestId": name}}
    answer = watched.call("score_request", event)
    assert answer["statusCode"] == 200, answer
    return {one["id"]: one["score"] for one in json.loads(answer["body"])["predictions"]}


def farther(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"distance": row["distance"] + 700.0} for row in rows]


def labelled(watched: WatchedModel, day: str = DAY) -> Booking:
    watched.it_is(NEXT)
    watched.labels_land(day, LABELS)
    return join_labels("flights", day, watched.ports)


def cohort(watched: WatchedModel) -> Cohort:
    found = watched.ports.records.get(Cohort, Cohort.id_of("flights", DAY))
    assert found is not None
    return found


def requested(watched: WatchedModel) -> Requested:
    found = watched.ports.records.get(Requested, Requested.id_of("flights", DAY))
    assert found is not None
    return found


def outcomes(watched: WatchedModel) -> dict[tuple[str, str], Outcome]:
    return {(one.version, one.stage): one for one in cohort(watched).outcomes}


def counting(watched: WatchedModel) -> CohortPredictions:
    return predictions_of("flights", DAY, watched.ports)


def said(watched: WatchedModel, version: str | None, stage: str) -> dict[str, float]:
    read = counting(watched).of(VersionId(version or ""), stage)
    assert read is not None
    return dict(zip(read.keys, read.scores.tolist(), strict=True))


def brier(scores: dict[str, float]) -> float:
    truths = [LABELS[name] for name in scores]
    return float(theirs.brier_score_loss(truths, list(scores.values())))


def shadow_is_started(watched: WatchedModel) -> bool:
    jobs = watched.ports.jobs
    assert isinstance(jobs, SqliteJobs)
    return "shadow" in [job.function for job in jobs.waiting()]


def test_labels_find_rows_that_were_only_ever_asked_for(watched: WatchedModel) -> None:
    scores = asked(watched)

    booking = labelled(watched)

    assert booking.decision == "booked"
    [outcome] = cohort(watched).outcomes
    assert (outcome.version, outcome.stage) == (watched.serving().champion, "champion")
    assert (outcome.predicted, outcome.labelled) == (ROWS, ROWS)
    assert outcome.brier == pytest.approx(brier(scores))
    assert (cohort(watched).labelled_share, cohort(watched).unmatched) == (1.0, 0)
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
    assert cohort(watched).served.predicted == 3


def test_of_a_row_that_was_asked_for_twice_the_first_answer_counts(watched: WatchedModel) -> None:
    first = asked(watched)
    watched.now += timedelta(hours=1)
    asked(watched, farther(rows_of()), name="a-later-one")

    labelled(watched)

    assert said(watched, watched.serving().champion, "champion") == first
    assert cohort(watched).served.predicted == ROWS
    assert requested(watched).repeated == ROWS


def test_a_row_that_was_asked_for_before_its_partition_was_scored_counts_as_it_was_answered(
    watched: WatchedModel,
) -> None:
    answered = asked(watched, farther(rows_of(flights=range(10))))
    watched.now += timedelta(hours=1)
    watched.lands_and_is_scored(DAY)

    labelled(watched)

    counted = said(watched, watched.serving().champion, "champion")
    assert len(counted) == cohort(watched).served.predicted == ROWS
    assert {name: counted[name] for name in answered} == answered
    assert cohort(watched).served.brier == pytest.approx(brier(counted))


def test_a_row_whose_partition_was_scored_before_it_was_asked_for_counts_as_it_was_scored(
    watched: WatchedModel,
) -> None:
    watched.lands_and_is_scored(DAY)
    scored = said(watched, watched.serving().champion, "champion")
    watched.now += timedelta(hours=1)
    another = {"flight_id": "another", "distance": 100.0, "carrier": "AA"}
    asked(watched, [*farther(rows_of()), another | {"scheduled_departure": DAY}])

    labelled(watched)

    counted = said(watched, watched.serving().champion, "champion")
    assert set(counted) == {*scored, "another"}
    assert {name: counted[name] for name in scored} == scored
    assert (cohort(watched).served.predicted, cohort(watched).served.labelled) == (ROWS + 1, ROWS)


def test_requests_that_come_after_the_labels_are_booked_when_labels_land_again(
    watched: WatchedModel,
) -> None:
    asked(watched, rows_of(flights=range(10)))
    labelled(watched)
    assert cohort(watched).served.predicted == 10
    asked(watched, rows_of(flights=range(30)), name="late")

    booking = labelled(watched)

    assert booking.decision == "booked"
    assert cohort(watched).served.predicted == 30
    assert cohort(watched).corrections == 0


def test_without_a_new_request_the_same_labels_change_nothing_and_no_answer_is_read_again(
    watched: WatchedModel,
) -> None:
    for number in range(20):
        asked(watched, rows_of(flights=range(number, number + 2)), name=f"r{number}")
    labelled(watched)
    before = cohort(watched)

    counted = Counted(watched.folder / "objects")
    watched.ports = replace(watched.ports, objects=counted)
    again = labelled(watched)

    assert (again.decision, again.cohort) == ("unchanged", before)
    assert [key for key in counted.read if "/requests/" in key] == []


class Counted(FolderObjects):
    """A folder that remembers which objects were read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read: list[str] = []

    def get(self, key: str) -> bytes:
        self.read.append(key)
        return super().get(key)


def test_what_cannot_be_read_among_the_answers_is_left_out(watched: WatchedModel) -> None:
    asked(watched)
    watched.ports.objects.put(f"predictions/flights/requests/dt={DAY}/odd.champion.parquet", b"?")

    labelled(watched)

    assert cohort(watched).served.predicted == ROWS


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


def test_each_row_is_booked_to_the_version_that_served_it_when_it_was_asked_for(
    watched: WatchedModel,
) -> None:
    first = watched.serving().champion
    second = trained(watched, estimator="DecisionTreeClassifier")
    asked(watched, rows_of(flights=range(25)))
    passes_its_gate(second, watched.ports)
    promote("flights", second, seen_champion=first, by=ADA, ports=watched.ports)
    watched.now += timedelta(minutes=1)
    asked(watched, rows_of(flights=range(40)), name="later")

    labelled(watched)
    predict_in_shadow("flights", DAY, watched.ports)

    found = outcomes(watched)
    assert found[first or "", "champion"].predicted == 25
    assert found[second, "champion"].predicted == 15
    assert cohort(watched).labelled_share == 1.0
    guarded = watched.ports.records.get(
        Evidence, Evidence.id_of("flights", VersionId(first or ""), second, "guard")
    )
    assert guarded is not None
    assert guarded.pairs == 15


def test_a_version_in_shadow_predicts_what_was_asked_for_and_the_gate_sees_the_pairs(
    watched: WatchedModel,
) -> None:
    champion = watched.serving().champion
    second = trained(watched, estimator="DecisionTreeClassifier")
    answered = asked(watched)

    labelled(watched)
    assert shadow_is_started(watched)
    watched.call("shadow", {"model": "flights", "partition": DAY})

    assert said(watched, champion, "champion") == answered
    found = outcomes(watched)
    assert found[second, "shadow"].labelled == ROWS
    log = requested(watched).log_of(second, "shadow")
    assert log is not None
    assert pd.read_parquet(watched.folder / "objects" / log.key)["served"].isna().all()
    evidence = watched.ports.records.get(
        Evidence, Evidence.id_of("flights", second, VersionId(champion or ""), "shadow")
    )
    assert evidence is not None
    assert evidence.pairs == ROWS


def test_it_says_of_a_requested_row_what_it_would_say_of_it_in_a_partition(
    watched: WatchedModel,
) -> None:
    second = trained(watched, estimator="DecisionTreeClassifier")
    asked(watched)
    labelled(watched)
    predict_in_shadow("flights", DAY, watched.ports)
    on_request = said(watched, second, "shadow")

    scored = some_flights(DAY).assign(flight_id=[f"again-{n}" for n in range(ROWS)])
    watched.lands_and_is_scored(NEXT, scored)

    batch = predictions_of("flights", NEXT, watched.ports).of(second, "shadow")
    assert batch is not None
    assert batch.scores.tolist() == list(on_request.values())


def test_no_version_predicts_what_was_asked_before_it_was_made(watched: WatchedModel) -> None:
    asked(watched, rows_of(flights=range(10)))
    watched.now += timedelta(hours=1)
    second = trained(watched, estimator="DecisionTreeClassifier")
    watched.now += timedelta(minutes=1)
    asked(watched, rows_of(flights=range(10, 40)), name="later")

    labelled(watched)
    predict_in_shadow("flights", DAY, watched.ports)

    assert set(said(watched, second, "shadow")) == {f"{DAY}-{n:03}" for n in range(10, 40)}


@pytest.mark.parametrize("fault", [is_denied, is_corrupted, throws])
def test_a_shadow_that_cannot_predict_requests_is_told_and_they_are_booked_all_the_same(
    watched: WatchedModel, fault: Callable[[WatchedModel, VersionId], None]
) -> None:
    second = trained(watched, estimator="DecisionTreeClassifier")
    fault(watched, second)
    asked(watched)
    labelled(watched)
    before = cohort(watched)

    predict_in_shadow("flights", DAY, watched.ports)

    assert cohort(watched) == before
    [alert] = watched.alerts()
    assert alert.rule == "shadow"


def test_a_column_that_only_a_shadow_reads_is_kept_where_it_is_sent_and_else_told(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    trained(watched, columns={"distance": {"type": "number"}})
    second = trained(watched, estimator="DecisionTreeClassifier")
    lacking = [{k: v for k, v in row.items() if k != "carrier"} for row in rows_of()[30:]]
    asked(watched, rows_of()[:30])
    asked(watched, lacking, name="lacking")

    labelled(watched)
    predict_in_shadow("flights", DAY, watched.ports)

    assert cohort(watched).served.labelled == ROWS
    assert set(said(watched, second, "shadow")) == {f"{DAY}-{n:03}" for n in range(30)}
    [alert] = watched.alerts()
    assert "cannot predict 10 requested rows: they were sent without" in alert.evidence.summary


def canary(watched: WatchedModel, *, loop: bool = False) -> VersionId:
    version = trained(watched, estimator="DecisionTreeClassifier", has_feedback_loop=loop)
    moved = {"challenger": None, "canary": version, "canary_share": 0.4}
    assert watched.ports.records.commit(changed(watched.serving().model_copy(update=moved)))
    watched.now += timedelta(minutes=1)
    return version


def test_the_champion_says_afterwards_what_it_would_have_said_of_a_canarys_rows(
    watched: WatchedModel,
) -> None:
    champion, version = watched.serving().champion, canary(watched)
    asked(watched)
    labelled(watched)
    assert shadow_is_started(watched)

    predict_in_shadow("flights", DAY, watched.ports)

    found = outcomes(watched)
    assert 0 < found[version, "canary"].labelled < ROWS
    assert found[champion or "", "champion"].labelled == ROWS
    evidence = watched.ports.records.get(
        Evidence, Evidence.id_of("flights", version, VersionId(champion or ""), "canary")
    )
    assert evidence is not None
    assert evidence.pairs == found[version, "canary"].labelled


def test_in_a_feedback_loop_it_says_nothing_of_them(watched: WatchedModel) -> None:
    champion, version = watched.serving().champion, canary(watched, loop=True)
    asked(watched)
    labelled(watched)
    assert not shadow_is_started(watched)

    predict_in_shadow("flights", DAY, watched.ports)

    found = outcomes(watched)
    both = found[version, "canary"].labelled + found[champion or "", "champion"].labelled
    assert both == ROWS


def test_rows_that_no_chance_gave_to_an_arm_are_in_none(watched: WatchedModel) -> None:
    asked(watched, rows_of(flights=range(10)))
    version = canary(watched, loop=True)
    asked(watched, rows_of(flights=range(40)), name="split")
    labelled(watched)

    apart = not_between_arms("flights", DAY, version, watched.ports)

    assert sorted(apart) == [f"{DAY}-{n:03}" for n in range(10)]


def test_who_was_asked_about_on_a_day_before_is_in_no_arm(watched: WatchedModel) -> None:
    version = canary(watched, loop=True)
    again = [row | {"flight_id": f"same-{n}"} for n, row in enumerate(rows_of())]
    asked(watched, again)
    labelled(watched)

    assert set(not_between_arms("flights", NEXT, version, watched.ports)) == {
        row["flight_id"] for row in again
    }


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


def test_a_shadow_of_which_nothing_is_known_refuses_no_request(watched: WatchedModel) -> None:
    gone = watched.serving().model_copy(update={"challenger": VersionId("ver_gone")})
    assert watched.ports.records.commit(changed(gone))

    assert len(asked(watched)) == ROWS


def test_the_first_answer_is_the_earliest_and_not_the_first_by_name(
    watched: WatchedModel,
) -> None:
    first = asked(watched, name="c")
    for name in ("a", "b"):
        watched.now += timedelta(minutes=1)
        asked(watched, farther(rows_of()), name)

    labelled(watched)

    assert said(watched, watched.serving().champion, "champion") == first
    assert requested(watched).repeated == 2 * ROWS


def test_a_score_that_overtakes_changes_who_counts_and_is_booked_anew(
    watched: WatchedModel,
) -> None:
    asked(watched, farther(rows_of()), name="r1")
    labelled(watched)
    watched.now = datetime.fromisoformat(f"{NEXT}T13:00:00+00:00")
    watched.lands(DAY)

    score("flights", DAY, watched.ports)

    assert cohort(watched).served.predicted == ROWS
    assert requested(watched).repeated == 0


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
