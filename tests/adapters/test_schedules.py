import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from core.adapters.scheduler import AwsSchedules, ScheduleTarget
from core.adapters.sqlite.database import Database
from core.adapters.sqlite.jobs import SqliteJobs
from core.adapters.sqlite.schedules import SqliteSchedules
from core.domain.errors import Unavailable
from core.domain.job import Schedule
from core.ports import Schedules
from tests.adapters.places import a_client, a_database
from tests.builders import NOON

GROUP = "watchkeeper-test"
TARGET = ScheduleTarget(
    group=GROUP,
    function_arn_prefix="arn:aws:lambda:eu-central-1:123456789012:function:watchkeeper-test",
    role_arn="arn:aws:iam::123456789012:role/scheduler",
    dlq_arn="arn:aws:sqs:eu-central-1:123456789012:dead-letters",
)


def a_schedule(name: str = "retrain-flights", **changes: Any) -> Schedule:
    stated = {
        "name": name,
        "function": "retrain",
        "event": {"model": "flights"},
        "first_at": NOON,
        "every_minutes": 10,
    }
    return Schedule.model_validate(stated | changes)


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@contextmanager
def sqlite_schedules() -> Iterator[Schedules]:
    with a_database() as database:
        yield SqliteSchedules(database, lambda: NOON)


@contextmanager
def aws_schedules(now: Callable[[], datetime] = lambda: NOON) -> Iterator[Schedules]:
    with mock_aws():
        client = a_client("scheduler")
        client.create_schedule_group(Name=GROUP)
        yield AwsSchedules(lambda: client, TARGET, now)


@pytest.fixture(params=[sqlite_schedules, aws_schedules])
def schedules(request: pytest.FixtureRequest) -> Iterator[Schedules]:
    with request.param() as schedules:
        yield schedules


def test_schedules_are_named_by_their_beginning_and_sorted(schedules: Schedules) -> None:
    for name in ("retrain-b", "sweep", "retrain-a", "retrain_", "RETRAIN-c"):
        schedules.put(a_schedule(name))

    assert schedules.names("retrain-") == ["retrain-a", "retrain-b"]
    assert schedules.names("") == ["RETRAIN-c", "retrain-a", "retrain-b", "retrain_", "sweep"]
    assert schedules.names("nothing") == []


def test_a_schedule_is_put_in_place_of_the_one_before(schedules: Schedules) -> None:
    schedules.put(a_schedule())

    schedules.put(a_schedule(every_minutes=20))

    assert schedules.names("") == ["retrain-flights"]


def test_a_schedule_is_forgotten_also_when_it_is_not_there(schedules: Schedules) -> None:
    schedules.put(a_schedule("a"))
    schedules.put(a_schedule("b"))

    schedules.remove("a")
    schedules.remove("a")

    assert schedules.names("") == ["b"]


def on_aws(name: str = "retrain-flights") -> dict[str, Any]:
    found: dict[str, Any] = a_client("scheduler").get_schedule(Name=name, GroupName=GROUP)
    return found


def test_on_aws_a_schedule_calls_its_function_and_fails_into_the_dead_letters() -> None:
    with aws_schedules() as schedules:
        schedules.put(a_schedule(every_minutes=1))
        found = on_aws()

    assert found["ScheduleExpression"] == "rate(1 minute)"
    assert found["StartDate"] == NOON
    assert found["FlexibleTimeWindow"] == {"Mode": "OFF"}
    target = found["Target"]
    assert target["Arn"] == f"{TARGET.function_arn_prefix}-retrain"
    assert target["RoleArn"] == TARGET.role_arn
    assert json.loads(target["Input"]) == {"model": "flights"}
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600}
    assert target["DeadLetterConfig"] == {"Arn": TARGET.dlq_arn}


def test_on_aws_a_changed_schedule_goes_on_as_it_is_now() -> None:
    with aws_schedules() as schedules:
        schedules.put(a_schedule())
        schedules.put(a_schedule(every_minutes=60, event={"model": "other"}))
        found = on_aws()

    assert found["ScheduleExpression"] == "rate(60 minutes)"
    assert json.loads(found["Target"]["Input"]) == {"model": "other"}


def test_on_aws_a_schedule_never_begins_in_the_past() -> None:
    with aws_schedules(now=lambda: later(25)) as schedules:
        schedules.put(a_schedule())

        assert on_aws()["StartDate"] == later(30)


def test_on_aws_what_is_refused_names_the_reason() -> None:
    with aws_schedules() as schedules, Stubber(a_client("scheduler")) as scheduler:
        scheduler.add_client_error("create_schedule", "ResourceNotFoundException")

        with pytest.raises(Unavailable, match="EventBridge Scheduler refused a call: ResourceNot"):
            schedules.put(a_schedule())


class Box:
    """The side of one box that makes jobs of what is due."""

    def __init__(self, database: Database) -> None:
        self.now = NOON
        self.schedules = SqliteSchedules(database, lambda: self.now)
        self.jobs = SqliteJobs(database)

    def due(self, minutes: float) -> list[str]:
        """Let it be so many minutes after noon, and run what is due; returns the models."""
        self.now = later(minutes)
        self.schedules.start_due(self.now)
        ran = []
        while (claimed := self.jobs.claim(self.now)) is not None:
            ran.append(claimed.job.event["model"])
            self.jobs.done(claimed)
        return ran


@pytest.fixture
def box() -> Iterator[Box]:
    with a_database() as database:
        yield Box(database)


def test_a_schedule_is_due_at_its_first_time_and_then_each_period(box: Box) -> None:
    box.schedules.put(a_schedule(first_at=later(5)))

    ran = {minutes: box.due(minutes) for minutes in (0, 4.9, 5, 5.1, 14.9, 15, 24, 25)}

    assert [minutes for minutes, models in ran.items() if models] == [5, 15, 25]


def test_each_due_time_makes_one_job_however_often_one_looks(box: Box) -> None:
    box.schedules.put(a_schedule())

    for _ in range(3):
        box.schedules.start_due(NOON)

    assert len(box.jobs.waiting()) == 1


def test_what_was_missed_several_times_runs_once_and_then_at_its_time(box: Box) -> None:
    box.schedules.put(a_schedule())

    assert box.due(47) == ["flights"]
    assert box.due(49.9) == []
    assert box.due(50) == ["flights"]


def test_what_is_due_runs_in_the_order_of_its_times(box: Box) -> None:
    box.schedules.put(a_schedule("a", first_at=later(3), event={"model": "third"}))
    box.schedules.put(a_schedule("b", first_at=later(1), event={"model": "first"}))
    box.schedules.put(a_schedule("c", first_at=later(2), event={"model": "second"}))

    assert box.due(9) == ["first", "second", "third"]


def test_a_schedule_of_the_past_begins_at_its_next_time(box: Box) -> None:
    box.schedules.put(a_schedule(first_at=later(-25)))

    assert box.due(0) == []
    assert box.due(5) == ["flights"]


def test_the_same_schedule_put_again_forgets_nothing_that_is_due(box: Box) -> None:
    box.schedules.put(a_schedule())
    box.now = later(31)

    box.schedules.put(a_schedule())

    assert box.due(31) == ["flights"]


def test_a_changed_schedule_begins_anew(box: Box) -> None:
    box.schedules.put(a_schedule())
    assert box.due(1) == ["flights"]

    box.schedules.put(a_schedule(every_minutes=3, event={"model": "other"}))

    assert box.due(2.9) == []
    assert box.due(3) == ["other"]


def test_a_schedule_that_was_removed_makes_no_more_jobs(box: Box) -> None:
    box.schedules.put(a_schedule())

    box.schedules.remove("retrain-flights")

    assert box.due(60) == []


def test_a_schedule_in_another_time_zone_is_due_at_the_same_moment(box: Box) -> None:
    tokyo = timezone(timedelta(hours=9))

    box.schedules.put(a_schedule(first_at=later(5).astimezone(tokyo)))

    assert box.due(4.9) == []
    assert box.due(5) == ["flights"]


def test_a_clock_that_was_ahead_and_is_put_back_keeps_no_schedule_waiting(box: Box) -> None:
    box.schedules.put(a_schedule())
    a_year = 365 * 24 * 60
    assert box.due(a_year) == ["flights"]

    ran = {minutes: box.due(minutes) for minutes in (1, 9.9, 10, 19.9, 20)}

    assert [minutes for minutes, models in ran.items() if models] == [10, 20]
