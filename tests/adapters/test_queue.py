"""The queue of one box, from the side that runs its jobs; on AWS that side is AWS."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.adapters.sqlite.database import Database
from core.adapters.sqlite.jobs import ClaimedJob, SqliteJobs
from core.domain.job import Job
from tests.adapters.places import a_database
from tests.builders import NOON


@pytest.fixture
def database() -> Iterator[Database]:
    with a_database() as database:
        yield database


@pytest.fixture
def queue(database: Database) -> SqliteJobs:
    return SqliteJobs(database)


def a_job(name: str, **changes: Any) -> Job:
    return Job.model_validate({"function": "score", "event": {}, "id": name} | changes)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def claimed(queue: SqliteJobs, now: datetime = NOON) -> ClaimedJob:
    job = queue.claim(now)
    assert job is not None
    return job


def names_claimed(queue: SqliteJobs, now: datetime = NOON) -> list[str]:
    """Claim all that may run now, without running it."""
    names = []
    while (claimed := queue.claim(now)) is not None:
        names.append(claimed.job.id)
    return names


def test_jobs_are_claimed_in_the_order_of_acceptance_and_once(queue: SqliteJobs) -> None:
    for name in ("j3", "j1", "j2"):
        queue.start(a_job(name))

    assert names_claimed(queue) == ["j3", "j1", "j2"]
    assert names_claimed(queue) == []


def test_of_many_threads_that_claim_each_job_goes_to_one(queue: SqliteJobs) -> None:
    for number in range(30):
        queue.start(a_job(f"j{number}"))

    with ThreadPoolExecutor(6) as pool:
        names = list(pool.map(lambda _: claimed(queue).job.id, range(30)))

    assert sorted(names) == sorted(f"j{number}" for number in range(30))


def test_a_job_waits_until_the_one_before_in_its_group_is_done(queue: SqliteJobs) -> None:
    for name, group in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("alone", None)):
        queue.start(a_job(name, group=group))

    first = claimed(queue)
    assert names_claimed(queue) == ["b1", "alone"]

    queue.done(first)
    assert names_claimed(queue) == ["a2"]


def test_a_job_that_failed_is_tried_after_one_and_after_two_minutes(queue: SqliteJobs) -> None:
    queue.start(a_job("j1"))

    queue.failed(claimed(queue), "Slack did not answer.", NOON)
    assert names_claimed(queue, later(59)) == []
    second = claimed(queue, later(60))

    queue.failed(second, "Slack did not answer.", later(60))
    assert names_claimed(queue, later(179)) == []
    assert claimed(queue, later(180)).tries == 3


def test_a_clock_that_was_ahead_and_is_put_back_keeps_no_job_waiting(queue: SqliteJobs) -> None:
    queue.start(a_job("j1"))
    a_year_ahead = later(365 * 24 * 3600)

    queue.failed(claimed(queue, a_year_ahead), "Slack did not answer.", a_year_ahead)

    assert names_claimed(queue) == ["j1"]


def test_the_next_of_a_group_waits_for_one_that_failed(queue: SqliteJobs) -> None:
    queue.start(a_job("a1", group="a"))
    queue.start(a_job("a2", group="a"))

    queue.failed(claimed(queue), "Slack did not answer.", NOON)

    assert names_claimed(queue, later(59)) == []
    assert names_claimed(queue, later(60)) == ["a1"]


def fail_for_good(queue: SqliteJobs) -> None:
    for now in (NOON, later(60), later(180)):
        queue.failed(claimed(queue, now), f"It failed at {now:%H:%M}.", now)


def test_a_job_that_failed_three_times_is_kept_with_its_reason(queue: SqliteJobs) -> None:
    queue.start(a_job("j1", event={"model": "flights"}))

    fail_for_good(queue)

    assert queue.waiting() == []
    [dead] = queue.dead()
    assert dead.job == a_job("j1", event={"model": "flights"})
    assert (dead.reason, dead.died_at) == ("It failed at 12:03.", later(180))


def test_a_dead_job_does_not_hold_up_its_group(queue: SqliteJobs) -> None:
    queue.start(a_job("a1", group="a"))
    queue.start(a_job("a2", group="a"))

    fail_for_good(queue)

    assert names_claimed(queue, later(180)) == ["a2"]


def test_a_job_that_waits_is_not_accepted_again_but_one_that_runs_is(queue: SqliteJobs) -> None:
    queue.start(a_job("j1"))
    queue.start(a_job("j1"))
    first = claimed(queue)
    assert names_claimed(queue) == []

    queue.start(a_job("j1"))  # what it is told of may be newer than what the first has read
    queue.done(first)

    assert names_claimed(queue) == ["j1"]


def test_what_a_box_was_running_when_it_died_runs_first_again(database: Database) -> None:
    before = SqliteJobs(database)
    before.start(a_job("j1"))
    before.start(a_job("j2"))
    claimed(before)

    after = SqliteJobs(database)
    after.take_over(NOON)

    again = claimed(after)
    assert (again.job.id, again.tries) == ("j1", 2)
    assert names_claimed(after) == ["j2"]


def test_a_job_under_which_the_box_dies_each_time_is_dead(queue: SqliteJobs) -> None:
    queue.start(a_job("j1"))

    for _ in range(3):
        claimed(queue)
        queue.take_over(NOON)

    assert names_claimed(queue) == []
    [dead] = queue.dead()
    assert dead.reason == "The box stopped 3 times while it ran."
