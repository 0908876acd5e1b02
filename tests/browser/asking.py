"""Requests as the page makes them, of a desk without a browser."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from infra.local.desk.desk import Desk
from tests.browser.tiny_app import CHANNEL

Json = dict[str, Any]
ADA, MINA = "U0ADA", "U0MINA"


@contextmanager
def request(
    desk: Desk, method: str, path: str, body: bytes | None = None, **headers: str
) -> Iterator[HTTPResponse]:
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=10)
    own = {"Origin": desk.url.rstrip("/")}
    connection.request(method, path, body, own | headers)
    with connection.getresponse() as response:
        yield response
    connection.close()


def post(desk: Desk, body: bytes, **headers: str) -> tuple[int, Json]:
    with request(desk, "POST", "/act", body, **headers) as response:
        return response.status, json.loads(response.read())


def act(desk: Desk, kind: str, user: str = ADA, **what: object) -> Json:
    status, outcome = post(desk, json.dumps({"kind": kind, "user": user, **what}).encode())
    assert status == 200
    return outcome


def look(desk: Desk, query: str = "") -> Json:
    with request(desk, "GET", f"/state?{query}") as response:
        assert response.status == 200
        state: Json = json.loads(response.read())
        return state


def place(blocks: list[Json], action_id: str) -> Json:
    """Say where an action stands, as the page does."""
    [block_id] = [block["block_id"] for block in blocks if action_id in json.dumps(block)]
    return {"block_id": block_id, "action_id": action_id}


def click(desk: Desk, action_id: str, choice: str | None = None) -> Json:
    [message] = look(desk)["messages"]
    where = {"channel": CHANNEL, "ts": message["ts"], "choice": choice}
    return act(desk, "click_message", **where, **place(message["blocks"], action_id))


def open_modal(desk: Desk) -> Json:
    ts = look(desk)["messages"][0]["ts"]
    assert act(desk, "shortcut", callback_id="incident.file", channel=CHANNEL, ts=ts) == {}
    view: Json = look(desk)["view"]
    return view


def incident(title: str) -> Json:
    return {
        "title": {"title.entered": title},
        "lost": {"lost.entered": "12"},
        "commander": {"commander.entered": MINA},
        "kind": {"kind.entered": "data"},
        "tell": {"tell.entered": ["owner"]},
    }
