"""Who answers: the champion of this minute, a canary, a fallback, or nobody."""

import json
from datetime import timedelta
from io import BytesIO

from pyarrow import parquet

from core.flows.rollback import rollback
from core.ports import changed
from tests.builders import ADA
from tests.scenarios.test_a_request_of_rows.requested import ROWS, asked, logged, sent
from tests.trained import promoted, trained
from tests.watched_model import WatchedModel


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
