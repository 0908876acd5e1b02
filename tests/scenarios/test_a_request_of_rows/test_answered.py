"""Rows are answered over HTTP, each with a prediction or a refusal in words, and logged."""

import json
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pyarrow import parquet

from core.domain.score_request import MOST_ROWS
from tests.builders import ADA, a_config, served_elsewhere
from tests.logs import served_of
from tests.scenarios.test_a_request_of_rows.requested import FAR, ROWS, asked, logged, sent
from tests.trained import promoted, trained_by
from tests.watched_model import WatchedModel, training


def test_rows_are_answered_and_the_log_holds_what_was_answered(watched: WatchedModel) -> None:
    answer = asked(watched)

    assert [one["id"] for one in answer["predictions"]] == ["a", "b"]
    assert {one["version"] for one in answer["predictions"]} == {watched.serving().champion}
    assert answer["refused"] == []
    [(key, body)] = logged(watched).items()
    assert key == f"dt={watched.now:%Y-%m-%d}/r1.champion.parquet"
    found = parquet.read_table(BytesIO(body))
    assert found.column("prediction_id").to_pylist() == ["a", "b"]
    assert found.column("served").to_pylist() == [one["score"] for one in answer["predictions"]]


def test_a_row_is_answered_as_it_would_be_scored_in_a_partition(watched: WatchedModel) -> None:
    flights = watched.lands_and_is_scored("2013-01-13").scored
    assert flights is not None
    batch = served_of(flights.served, watched.ports.objects)
    body = watched.ports.objects.get("flights/features/dt=2013-01-13/part-0.parquet")
    rows = parquet.read_table(BytesIO(body)).drop("scheduled_departure").to_pylist()

    answer = asked(watched, rows)

    assert [one["score"] for one in answer["predictions"]] == batch.tolist()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"distance": 1, "carrier": "UA"}, "the key `flight_id` is missing"),
        ({"flight_id": "c", "carrier": "UA"}, "`distance` is missing; where it is not known"),
        ({"flight_id": "c", "distance": "far", "carrier": "UA"}, "`distance` is not a number"),
        ({"flight_id": "c", "distance": 10**400, "carrier": "UA"}, "too large a number"),
        ({"flight_id": "c", "distance": 1, "carrier": ["UA"]}, "`carrier` is not one value"),
        ({"flight_id": "a", "distance": 1, "carrier": "UA"}, "an earlier row has the same key"),
        ({"flight_id": "c", "distance": 9000, "carrier": "UA"}, "`distance` is not at most 6,000"),
        ({"flight_id": 1.5, "distance": 1, "carrier": "UA"}, "is neither text nor a whole number"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_in_words_and_the_others_are_answered(
    watched: WatchedModel, row: dict[str, Any], why: str
) -> None:
    rule = {"column": "distance", "at_most": 6000, "owner": ADA.id, "reason": "the longest"}
    watched.apply(a_config(training=training(), constraints=[rule | {"expires": "2013-12-31"}]))

    answer = asked(watched, [*ROWS, row])

    assert [one["row"] for one in answer["predictions"]] == [0, 1]
    [refused] = answer["refused"]
    assert refused["row"] == 2
    assert why in refused["why"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "Invalid JSON"),
        ("{", "Invalid JSON"),
        ("[]", "should be an object"),
        ('{"model": "flights"}', "rows: Field required"),
        ('{"model": "flights", "rows": []}', "rows: Tuple should have at least 1 item"),
        ('{"model": "flights", "rows": [1]}', "rows.0"),
        ('{"model": "flights", "rows": [{}], "more": 1}', "more: Extra inputs"),
        (json.dumps({"model": "flights", "rows": [{}] * (MOST_ROWS + 1)}), "at most 1000 items"),
    ],
)
def test_a_body_that_is_no_request_is_400_in_words(
    watched: WatchedModel, body: str, why: str
) -> None:
    status, answer = sent(watched, body)

    assert status == 400
    assert answer["error"].startswith("The request is refused: ")
    assert why in answer["error"]


def test_a_body_in_base64_is_read_and_one_that_is_not_is_refused(watched: WatchedModel) -> None:
    body = json.dumps({"model": "flights", "rows": ROWS}).encode()

    good, _ = sent(watched, b64encode(body).decode(), isBase64Encoded=True)
    bad, answer = sent(watched, "*", isBase64Encoded=True)

    assert (good, bad) == (200, 400)
    assert "not the base64" in answer["error"]


def test_who_asks_for_an_unknown_model_or_one_that_has_no_version_is_told(
    watched: WatchedModel,
) -> None:
    watched.apply(a_config(model="twin"))
    watched.apply(served_elsewhere().model_copy(update={"model": "others"}))

    unknown, sentence = sent(watched, '{"model": "nobody", "rows": [{}]}')
    no_version, other = sent(watched, '{"model": "twin", "rows": [{}]}')
    elsewhere, _ = sent(watched, '{"model": "others", "rows": [{}]}')

    assert (unknown, no_version, elsewhere) == (404, 400, 400)
    assert sentence["error"].startswith("I know no model named `nobody`. In force: `flights`, ")
    assert other["error"] == "No version of `twin` serves here."


def test_overrides_are_named_in_the_answer_and_a_filtered_row_has_no_score(
    watched: WatchedModel,
) -> None:
    config = a_config(training=training(), scoring={"overrides": [FAR | {"filter": True}]})
    promoted(watched, trained_by(config, watched))
    watched.now += timedelta(minutes=1)

    one, other = asked(watched)["predictions"]

    assert (one["score"], one["overrides"]) == (None, ["far"])
    assert (other["score"] is None, other["overrides"]) == (False, [])


def test_a_score_beyond_the_output_contract_is_refused(watched: WatchedModel) -> None:
    scoring = {"overrides": [FAR | {"replace": 1.0}], "output": {"at_most": 0.999}}
    promoted(watched, trained_by(a_config(training=training(), scoring=scoring), watched))
    watched.now += timedelta(minutes=1)

    answer = asked(watched)

    assert [one["id"] for one in answer["predictions"]] == ["b"]
    [refused] = answer["refused"]
    assert "beyond the limits of `scoring.output`" in refused["why"]


def test_a_category_may_be_any_whole_number(watched: WatchedModel) -> None:
    row = {"flight_id": "c", "distance": 1, "carrier": 2**70}

    [predicted] = asked(watched, [row])["predictions"]

    assert predicted["id"] == "c"
