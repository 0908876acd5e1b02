"""A box runs until it is told to stop: over stumbles, alone in its folder, and not blindly."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from typing import Any, Self

import pytest

from core.adapters.sqlite.database import Database
from core.domain.errors import Unavailable
from core.ports import Records
from infra.local.runner_lock import AlreadyRunning
from tests.adapters.test_one_box.boxed import Event, Scene, a_job


def test_only_one_process_runs_the_jobs_of_a_folder(scene: Scene) -> None:
    with scene.box(), pytest.raises(AlreadyRunning, match="already runs the jobs of"):
        scene.box().__enter__()

    with scene.box():
        pass


class RunsForever:
    """A box at work in its threads; what its functions were called with comes out of a queue."""

    def __init__(self, scene: Scene) -> None:
        self.stop = threading.Event()
        self.heard: SimpleQueue[str] = SimpleQueue()
        scene.functions.answers["score"] = lambda event: self.heard.put(event["name"])
        self._pool = ThreadPoolExecutor(1)
        self._scene = scene

    def __enter__(self) -> Self:
        self.end = self._pool.submit(self._live)
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop.set()
        self._pool.shutdown()

    def _live(self) -> None:
        with self._scene.box() as box:
            box.run_forever(self.stop)


def test_a_box_runs_what_is_accepted_until_it_is_told_to_stop(scene: Scene) -> None:
    with RunsForever(scene) as running:
        for name in ("j1", "j2", "j3"):
            scene.ports.jobs.start(a_job(name, group="in order"))
        heard = [running.heard.get(timeout=10) for _ in range(3)]

    running.end.result()
    assert heard == ["j1", "j2", "j3"]


class StumblesOnce:
    """Records that do not answer the first question."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._stumbled = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever Records has
        if not self._stumbled:
            self._stumbled = True
            raise Unavailable("The database did not answer.")
        return getattr(self._records, name)


def test_a_box_whose_store_stumbles_goes_on(scene: Scene) -> None:
    stumbles: Any = StumblesOnce(scene.ports.records)
    scene.ports = replace(scene.ports, records=stumbles)

    with RunsForever(scene) as running:
        scene.ports.jobs.start(a_job())
        assert running.heard.get(timeout=10) == "j1"

    running.end.result()


def test_a_box_that_cannot_write_down_what_it_did_ends(scene: Scene) -> None:
    def lose_the_table(_event: Event) -> None:
        with Database(scene.place.database_file).transaction() as connection:
            connection.execute("DROP TABLE jobs")

    with RunsForever(scene) as running:
        scene.functions.answers["score"] = lose_the_table
        scene.ports.jobs.start(a_job())

        with pytest.raises(Unavailable, match="no such table: jobs"):
            running.end.result(timeout=10)

    assert running.stop.is_set()
