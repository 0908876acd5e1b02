"""The runtime of one box, with functions of the test's own."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

import pytest

from core.adapters.sqlite.database import Database
from core.config import OneBoxSettings, Settings
from core.domain.errors import Unavailable
from core.domain.job import Job, Schedule
from core.domain.model_config import InForce, ModelConfig
from core.ports import Ports, Records, new
from core.wiring import connect, use
from infra.local.one_box import OneBox
from infra.local.runner_lock import AlreadyRunning
from tests.adapters.notes import Note
from tests.builders import CHANNEL, NOON, a_config

Event = dict[str, Any]
Function = Callable[[Event], Any]


class Functions:
    """Stands in for the handlers: writes down each call, and answers as it is told."""

    def __init__(self) -> None:
        self.called: list[tuple[str, Event]] = []
        self.answers: dict[str, Function] = {}

    def __call__(self, name: str) -> Callable[[Event, Any], Any]:
        def handler(event: Event, context: Any) -> Any:  # noqa: ANN401 - as on Lambda
            assert context.function_name == name
            self.called.append((name, event))
            answer = self.answers.get(name)
            return answer(event) if answer else None

        return handler

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.called]


class Scene:
    """A folder, its ports and a clock that stands until it is set."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        settings = Settings.read({"WATCHKEEPER_FOLDER": str(folder)})
        assert isinstance(settings.place, OneBoxSettings)
        self.place = settings.place
        self.ports: Ports = connect(settings, clock=lambda: self.now)
        self.functions = Functions()

    def box(self) -> OneBox:
        return OneBox(self.place, self.ports, self.functions, standing=())

    def later(self, minutes: float) -> datetime:
        self.now = NOON + timedelta(minutes=minutes)
        return self.now

    def watch(self, config: ModelConfig) -> None:
        self.ports.arrivals.watch(config.data.places)
        in_force = InForce(id=config.model, config=config, since=NOON)
        assert self.ports.records.commit(new(in_force))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@pytest.fixture
def box(scene: Scene) -> Iterator[OneBox]:
    with scene.box() as box:
        yield box


def a_job(name: str = "j1", **changes: Any) -> Job:
    stated = {"function": "score", "event": {"name": name}, "id": name}
    return Job.model_validate(stated | changes)


def test_a_job_calls_its_function_with_its_event(scene: Scene, box: OneBox) -> None:
    scene.ports.jobs.start(a_job())

    [ran] = box.step(NOON)

    assert (ran.job, ran.failure) == (a_job(), None)
    assert scene.functions.called == [("score", {"name": "j1"})]
    assert box.step(NOON) == []


def test_a_delivery_comes_as_a_message_of_the_queue(scene: Scene, box: OneBox) -> None:
    job = Job.deliver(CHANNEL, "alr_1 1")
    scene.ports.jobs.start(job)

    box.step(NOON)

    [(name, event)] = scene.functions.called
    [message] = event["Records"]
    assert name == "deliver"
    assert message["messageId"] == job.id
    assert json.loads(message["body"]) == {"channel": CHANNEL}


def test_a_step_also_runs_what_its_jobs_start(scene: Scene, box: OneBox) -> None:
    def wake(_event: Event) -> None:
        scene.ports.jobs.start(Job.deliver(CHANNEL, "alr_1 1"))

    scene.functions.answers["score"] = wake
    scene.ports.jobs.start(a_job())

    box.step(NOON)

    assert scene.functions.names == ["score", "deliver"]


def fail(error: Exception) -> Function:
    def answer(_event: Event) -> None:
        raise error

    return answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (fail(Unavailable("Slack did not answer.")), "Slack did not answer."),
        (fail(KeyError("model")), "KeyError: 'model'"),
    ],
    ids=["an error of ours", "a mistake"],
)
def test_a_job_that_fails_is_tried_three_times_and_then_kept_with_its_reason(
    scene: Scene, box: OneBox, answer: Function, reason: str
) -> None:
    scene.functions.answers["score"] = answer
    scene.ports.jobs.start(a_job())

    failures = [ran.failure for minute in range(5) for ran in box.step(scene.later(minute))]

    assert failures == [reason] * 3
    [dead] = box.jobs.dead()
    assert (dead.job, dead.reason) == (a_job(), reason)
    assert reason in json.loads(scene.place.second_route_file.read_text())["text"]


def test_a_schedule_that_is_due_calls_its_function(scene: Scene, box: OneBox) -> None:
    sweep = Schedule(name="sweep", function="sweep", event={}, first_at=NOON, every_minutes=1)
    scene.ports.schedules.put(sweep)

    for minute in (0, 0.5, 1, 3):
        box.step(scene.later(minute))

    assert scene.functions.called == [("sweep", {})] * 3


def test_what_lay_there_before_the_model_was_watched_starts_nothing(
    scene: Scene, box: OneBox
) -> None:
    key = "flights/features/dt=2013-02-08/part-0.parquet"
    scene.ports.objects.put(key, b"history")
    scene.watch(a_config())

    box.step(NOON)
    scene.ports.objects.put(key, b"rewritten")
    box.step(NOON)

    assert scene.functions.names == ["check_partition", "score"]
    assert scene.functions.called[0][1]["detail"]["object"]["size"] == len(b"rewritten")


def test_what_lands_after_a_config_was_applied_is_work_even_if_no_box_ran_then(
    scene: Scene,
) -> None:
    scene.watch(a_config())
    scene.ports.objects.put("flights/features/dt=2013-02-08/part-0.parquet", b"new")

    with scene.box() as box:
        box.step(NOON)

    assert scene.functions.names == ["check_partition", "score"]


def test_a_second_model_on_the_same_data_makes_nothing_history_that_the_first_waits_for(
    scene: Scene, box: OneBox
) -> None:
    scene.watch(a_config())
    scene.ports.objects.put("flights/features/dt=2013-02-08/part-0.parquet", b"new")
    scene.watch(a_config(model="delays"))

    box.step(NOON)

    assert scene.functions.names == ["check_partition", "score"]


def test_the_outboxes_are_swept_each_minute_and_people_are_refreshed_each_hour(
    scene: Scene,
) -> None:
    with OneBox(scene.place, scene.ports, scene.functions) as box:
        for minute in (0, 1, 2, 60):
            box.step(scene.later(minute))

    assert scene.functions.names.count("sweep") == 3
    assert scene.functions.names.count("refresh_people") == 1


def test_new_features_are_checked_and_scored(scene: Scene, box: OneBox) -> None:
    scene.watch(a_config())
    box.step(NOON)
    key = "flights/features/dt=2013-02-08/part-0.parquet"
    scene.ports.objects.put(key, b"bytes")

    box.step(NOON)

    [(first, event), (second, same_event)] = scene.functions.called
    assert (first, second) == ("check_partition", "score")
    assert event == same_event
    assert (event["source"], event["detail-type"]) == ("aws.s3", "Object Created")
    assert event["detail"]["object"]["key"] == key
    assert event["detail"]["object"]["size"] == 5
    assert event["detail"]["object"]["etag"]


def test_an_object_is_noticed_once_and_again_when_it_was_rewritten(
    scene: Scene, box: OneBox
) -> None:
    scene.watch(a_config())
    box.step(NOON)
    key = "flights/labels/dt=2013-02-08/part-0.parquet"
    scene.ports.objects.put(key, b"first")

    assert box.notice_objects() == [key]
    assert box.notice_objects() == []

    scene.ports.objects.put(key, b"again")
    assert box.notice_objects() == [key]


def test_a_restart_notices_nothing_twice_and_forgets_nothing(scene: Scene) -> None:
    scene.watch(a_config())
    with scene.box() as box:
        box.notice_objects()
        scene.ports.objects.put("flights/labels/dt=2013-02-08/part-0.parquet", b"")
        box.notice_objects()  # and the box stops before it ran what that started

    with scene.box() as box:
        box.step(NOON)
        box.step(NOON)

    assert scene.functions.names == ["join_labels"]


def test_objects_that_no_model_watches_start_nothing(scene: Scene, box: OneBox) -> None:
    scene.watch(a_config())
    for key in ("models/v1", "flights/features/readme.txt", "flights/other/dt=2013-02-08/a"):
        scene.ports.objects.put(key, b"")

    assert box.step(NOON) == []


def test_what_has_expired_is_forgotten(scene: Scene, box: OneBox) -> None:
    scene.ports.records.commit(new(Note(id="n1", forget_at_s=int(NOON.timestamp()) + 60)))

    box.step(scene.later(0.9))
    assert scene.ports.records.get(Note, "n1") is not None

    box.step(scene.later(1))
    assert scene.ports.records.get(Note, "n1") is None


def test_profiles_that_nobody_wrote_for_two_weeks_are_forgotten(scene: Scene, box: OneBox) -> None:
    for age_days, name in ((13, "new"), (15, "old")):
        key = f"profiles/flights/x/dt=2013-02-01/{name}.npz"
        scene.ports.objects.put(key, b"")
        written_s = (NOON - timedelta(days=age_days)).timestamp()
        os.utime(scene.place.objects_folder / key, (written_s, written_s))

    box.step(NOON)
    left = [found.key for found in scene.ports.objects.list("profiles/")]
    box.step(scene.later(minutes=59))
    box.step(scene.later(minutes=60 * 24 * 2))

    assert left == ["profiles/flights/x/dt=2013-02-01/new.npz"]
    assert list(scene.ports.objects.list("profiles/")) == []


def test_only_one_process_runs_the_jobs_of_a_folder(scene: Scene) -> None:
    with scene.box(), pytest.raises(AlreadyRunning, match="already runs the jobs of"):
        scene.box().__enter__()

    with scene.box():
        pass


def test_the_real_functions_are_called_unless_others_are_given(scene: Scene) -> None:
    use(scene.ports)
    try:
        with OneBox(scene.place, scene.ports) as box:
            scene.ports.jobs.start(a_job(function="sweep", event={}))
            [ran] = box.step(NOON)
    finally:
        use(None)

    assert ran.failure is None


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
