"""The runtime of one box runs jobs, deliveries and schedules, and keeps what fails."""

import json
import os
from datetime import timedelta

import pytest

from core.domain.errors import Unavailable
from core.domain.job import Job, Schedule
from core.ports import new
from core.wiring import use
from infra.local.one_box import OneBox
from tests.adapters.notes import Note
from tests.adapters.test_one_box.boxed import Event, Function, Scene, a_job
from tests.builders import CHANNEL, NOON


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


def test_the_outboxes_are_swept_each_minute_and_people_are_refreshed_each_hour(
    scene: Scene,
) -> None:
    with OneBox(scene.place, scene.ports, scene.functions) as box:
        for minute in (0, 1, 2, 60):
            box.step(scene.later(minute))

    assert scene.functions.names.count("sweep") == 3
    assert scene.functions.names.count("refresh_people") == 1


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


def test_the_real_functions_are_called_unless_others_are_given(scene: Scene) -> None:
    use(scene.ports)
    try:
        with OneBox(scene.place, scene.ports) as box:
            scene.ports.jobs.start(a_job(function="sweep", event={}))
            [ran] = box.step(NOON)
    finally:
        use(None)

    assert ran.failure is None
