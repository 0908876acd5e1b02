"""Rows that are sent for predictions, and what comes back: the words that these stories share."""

import json
from typing import Any

from tests.watched_model import WatchedModel

ROWS = [
    {"flight_id": "a", "distance": 2500.0, "carrier": "UA"},
    {"flight_id": "b", "distance": 200, "carrier": None},
]
FAR = {
    "name": "far",
    "where": [{"column": "distance", "at_least": 2000}],
    "reason": "somebody has to",
}


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
