"""Rows come over HTTP: predictions, refusals in words, and what the log says of it."""

import json
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from core.domain.ids import VersionId
from core.domain.score_request import MOST_ROWS
from core.flows.promote import promote
from core.flows.rollback import rollback
from core.ports import changed
from functions.flows.retrain import retrain
from infra.local.scoring_rows import NotJsonLines, tell_scores
from tests.builders import ADA, a_config, served_elsewhere
from tests.logs import served_of
from tests.staged import passes_its_gate
from tests.watched_model import WatchedModel, training

ROWS = [
    {"flight_id": "a", "distance": 2500.0, "carrier": "UA"},
    {"flight_id": "b", "distance": 200, "carrier": None},
]
FAR = {
    "name": "far",
    "where": [{"column": "distance", "at_least": 2000}],
    "reason": "somebody has to",
}


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    trained(watched)
    return watched


def trained(watched: WatchedModel, **changes: Any) -> VersionId:
    config = {name: changes.pop(name) for name in ("scoring", "constraints") if name in changes}
    watched.apply(a_config(training=training(**changes), **config))
    version = retrain("flights", "watchkeeper", "cadence", watched.ports).version
    assert version is not None
    return version


def promoted(watched: WatchedModel, version: VersionId) -> None:
    seen = watched.serving().champion
    passes_its_gate(version, watched.ports)
    promote("flights", version, seen_champion=seen, by=ADA, ports=watched.ports)


def sent(watched: WatchedModel, body: str, **event: Any) -> tuple[int, dict[str, Any]]:
    answer = watched.call("score_request", {"body": body, **event})
    return answer["statusCode"], json.loads(answer["body"])


def asked(
    watched: WatchedModel, rows: list[dict[str, Any]] | None = None, name: str = "r1"
) -> dict[str, Any]:
    body = json.dumps({"model": "flights", "rows": ROWS if rows is None else rows})
    status, answer = sent(watched, body, requestContext={"requestId": name})
    assert status == 200
    return answer


def logged(watched: WatchedModel) -> dict[str, bytes]:
    folder = "predictions/flights/requests/"
    listed = [stored.key for stored in watched.ports.objects.list(folder)]
    return {key.removeprefix(folder): watched.ports.objects.get(key) for key in listed}


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
    assert sentence["error"] == "I know no model named `nobody`."
    assert other["error"] == "No version of `twin` serves here."


def test_a_minute_after_a_rollback_the_old_version_answers_and_the_log_says_so(
    watched: WatchedModel,
) -> None:
    first = watched.serving().champion
    second = trained(watched, estimator="DecisionTreeClassifier")
    promoted(watched, second)
    asked(watched, name="before")
    rollback("flights", seen_champion=second, by=ADA, ports=watched.ports)

    watched.now += timedelta(seconds=29)
    asked(watched, name="within")
    watched.now += timedelta(seconds=31)
    asked(watched, name="after")

    versions = {
        key.partition("/")[2].partition(".")[0]: set(
            parquet.read_table(BytesIO(body)).column("version").to_pylist()
        )
        for key, body in logged(watched).items()
    }
    assert versions == {"before": {second}, "within": {second}, "after": {first}}


def test_overrides_are_named_in_the_answer_and_a_filtered_row_has_no_score(
    watched: WatchedModel,
) -> None:
    promoted(watched, trained(watched, scoring={"overrides": [FAR | {"filter": True}]}))
    watched.now += timedelta(minutes=1)

    one, other = asked(watched)["predictions"]

    assert (one["score"], one["overrides"]) == (None, ["far"])
    assert (other["score"] is None, other["overrides"]) == (False, [])


def test_a_canary_answers_its_share(watched: WatchedModel) -> None:
    version = trained(watched, estimator="DecisionTreeClassifier")
    moved = {"challenger": None, "canary": version, "canary_share": 0.5}
    watched.ports.records.commit(changed(watched.serving().model_copy(update=moved)))
    rows = [ROWS[0] | {"flight_id": str(number)} for number in range(40)]

    answer = asked(watched, rows)

    stages = {one["stage"]: one["version"] for one in answer["predictions"]}
    assert stages == {"canary": version, "champion": watched.serving().champion}
    assert len(answer["predictions"]) == 40
    assert [one["row"] for one in answer["predictions"]] == list(range(40))


def test_a_canary_that_cannot_serve_leaves_its_share_to_the_champion(
    watched: WatchedModel,
) -> None:
    version = trained(watched, estimator="DecisionTreeClassifier")
    moved = {"challenger": None, "canary": version, "canary_share": 0.5}
    watched.ports.records.commit(changed(watched.serving().model_copy(update=moved)))
    watched.ports.objects.put(watched.version(version).artefact.key, b"other bytes")
    rows = [ROWS[0] | {"flight_id": str(number)} for number in range(40)]

    for name in ("one", "two"):
        answer = asked(watched, rows, name)
        assert {one["stage"] for one in answer["predictions"]} == {"champion"}

    [alert] = watched.alerts()
    assert alert.rule == "canary"


def test_a_fallback_answers_and_is_told_once_a_day(watched: WatchedModel) -> None:
    champion = watched.version(watched.serving().champion)
    watched.ports.objects.put(champion.artefact.key, b"other bytes")

    for name in ("one", "two"):
        [one, _] = asked(watched, name=name)["predictions"]
        assert (one["stage"], one["version"]) == ("fallback", f"{champion.id}.simple")

    [alert] = watched.alerts()
    assert (alert.rule, alert.partition) == ("artefact", None)


def test_when_nobody_can_predict_it_is_503_in_words(watched: WatchedModel) -> None:
    champion = watched.version(watched.serving().champion)
    watched.ports.objects.put(champion.artefact.key, b"other bytes")
    watched.is_of_old(champion.id)

    status, answer = sent(watched, json.dumps({"model": "flights", "rows": ROWS}))

    assert (status, answer["error"]) == (503, "No version of `flights` can predict now.")


def test_a_file_of_rows_is_answered_on_the_command_line(
    watched: WatchedModel, tmp_path: Path
) -> None:
    file, said = tmp_path / "rows.jsonl", list[str]()
    file.write_text("\n".join(json.dumps(row) for row in [*ROWS, {"distance": 1}]))

    exit_code = tell_scores("flights", file, watched.ports, said.append)

    first, second, refused = (json.loads(line) for line in said)
    assert (first["id"], second["id"], refused["row"]) == ("a", "b", 2)
    assert exit_code == 1


@pytest.mark.parametrize("line", ["{", "[]", "7"])
def test_a_line_that_is_no_row_is_refused_in_words(
    watched: WatchedModel, tmp_path: Path, line: str
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{json.dumps(ROWS[0])}\n{line}")

    with pytest.raises(NotJsonLines, match="line 2: each line is one JSON object"):
        tell_scores("flights", file, watched.ports, print)


def test_a_model_that_is_unknown_is_a_sentence_on_the_command_line(
    watched: WatchedModel, tmp_path: Path
) -> None:
    file, said = tmp_path / "rows.jsonl", list[str]()
    file.write_text(json.dumps(ROWS[0]))

    assert tell_scores("nobody", file, watched.ports, said.append) == 1

    assert said == ["I know no model named `nobody`."]


def test_a_score_beyond_the_output_contract_is_refused(watched: WatchedModel) -> None:
    scoring = {"overrides": [FAR | {"replace": 1.0}], "output": {"at_most": 0.999}}
    promoted(watched, trained(watched, scoring=scoring))
    watched.now += timedelta(minutes=1)

    answer = asked(watched)

    assert [one["id"] for one in answer["predictions"]] == ["b"]
    [refused] = answer["refused"]
    assert "beyond the limits of `scoring.output`" in refused["why"]


def test_a_category_may_be_any_whole_number(watched: WatchedModel) -> None:
    row = {"flight_id": "c", "distance": 1, "carrier": 2**70}

    [predicted] = asked(watched, [row])["predictions"]

    assert predicted["id"] == "c"
