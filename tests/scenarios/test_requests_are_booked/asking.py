"""Rows are asked for over HTTP and labelled later: the words that stories of requests share."""

import json
from collections.abc import Iterable
from typing import Any

from sklearn import metrics as theirs

from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.cohort import Outcome
from core.domain.ids import VersionId
from core.domain.requested import Requested
from functions.data.cohort_predictions import CohortPredictions
from functions.flows.join_labels import Booking, join_labels
from functions.flows.scoring.requested_rows import predictions_of
from tests.builders import a_config
from tests.trained import trained_by
from tests.watched_model import ROWS, WatchedModel, some_flights, some_labels, training

BEFORE, DAY, NEXT = "2013-01-14", "2013-01-15", "2013-01-16"
LABELS = some_labels(DAY)


def trained(watched: WatchedModel, **changes: Any) -> VersionId:
    loop = changes.pop("has_feedback_loop", False)
    stages = {"has_feedback_loop": loop, "canary_shares": [0.4] if loop else []}
    columns = {"columns": changes.pop("columns")} if "columns" in changes else {}
    return trained_by(a_config(training=training(**changes), stages=stages, **columns), watched)


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


def requested(watched: WatchedModel) -> Requested:
    found = watched.ports.records.get(Requested, Requested.id_of("flights", DAY))
    assert found is not None
    return found


def outcomes(watched: WatchedModel) -> dict[tuple[str, str], Outcome]:
    return {(one.version, one.stage): one for one in watched.cohort(DAY).outcomes}


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
