"""Functions that run at the same moment on one box, each in a thread, and what they say of it."""

import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.flows.raise_alert import raise_alert
from core.ports import R, Records
from core.wiring import use
from functions.handlers import deliver, join_labels
from infra.local.front_door import CallContext
from infra.local.readable_log import ReadableLog
from tests.builders import CHANNEL, an_alert
from tests.scenarios.scene import Scene
from tests.watched_model import WatchedModel

DAYS = ("2013-01-01", "2013-01-02")


class Meeting:
    """Records of which each thread reads the first one only when the others are as far."""

    def __init__(self, records: Records, threads: int) -> None:
        self.commit, self.query = records.commit, records.query
        self._records, self._here = records, threading.local()
        self._all_are_here = threading.Barrier(threads, timeout=20)

    def get(self, kind: type[R], record_id: str) -> R | None:
        """See Records."""
        if not hasattr(self._here, "came"):
            self._here.came = True
            self._all_are_here.wait()
        return self._records.get(kind, record_id)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[io.StringIO]:
    terminal = io.StringIO()
    with ReadableLog(tmp_path / "log.jsonl", terminal):
        yield terminal


def call(handler: Any, event: dict[str, Any]) -> None:  # noqa: ANN401 - decorated by powertools
    handler(event, CallContext(handler.__module__))


def books(day: str) -> None:
    call(join_labels.handler, {"model": "flights", "partition": day})


def test_each_line_of_the_log_names_its_own_partition(
    watched: WatchedModel, terminal: io.StringIO
) -> None:
    use(replace(watched.ports, records=Meeting(watched.ports.records, len(DAYS))))

    with ThreadPoolExecutor(len(DAYS)) as pool:
        list(pool.map(books, DAYS))

    lines = sorted(line.split("  ", 1)[1] for line in terminal.getvalue().splitlines())
    assert lines == [
        f"labels joined: model flights, partition {day}, decision not predicted" for day in DAYS
    ]


def test_what_runs_next_in_a_thread_does_not_speak_of_the_partition_before(
    scene: Scene, terminal: io.StringIO
) -> None:
    use(scene.ports)
    raise_alert(an_alert(), scene.ports)
    books(DAYS[0])

    message = {"messageId": "m1", "body": json.dumps({"channel": CHANNEL})}
    call(deliver.handler, {"Records": [message]})

    line = terminal.getvalue().splitlines()[-1]
    assert line.split("  ", 1)[1] == f"delivered: channel {CHANNEL}, messages 1, escalated 0"
