from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.adapters.due import first_due
from core.domain.job import Job, Schedule
from tests.builders import CHANNEL, NOON

minutes = st.integers(-(10**6), 10**6)
periods = st.integers(1, 10**5)


def every(period: int = 10, first_at: datetime = NOON) -> Schedule:
    return Schedule(name="s", function="sweep", event={}, first_at=first_at, every_minutes=period)


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_a_delivery_is_serial_for_its_channel_and_the_same_for_the_same_cause() -> None:
    job = Job.deliver(CHANNEL, "alr_1 1")

    assert (job.function, job.group, job.event) == ("deliver", CHANNEL, {"channel": CHANNEL})
    assert job == Job.deliver(CHANNEL, "alr_1 1")
    assert job.id != Job.deliver(CHANNEL, "alr_1 2").id
    assert job.id != Job.deliver("C0OTHER", "alr_1 1").id


@pytest.mark.parametrize(
    ("last", "due"), [(-5, 0), (-0.1, 0), (0, 10), (9.9, 10), (10, 20), (35, 40)]
)
def test_a_schedule_is_due_at_its_first_time_and_each_period_after(last: float, due: float) -> None:
    assert every(10).due_after(later(last)) == later(due)


@given(minutes, periods)
def test_what_is_due_next_lies_ahead_by_no_more_than_a_period(last: int, period: int) -> None:
    schedule = every(period)

    ahead = schedule.due_after(later(last)) - later(last)

    assert ahead > timedelta(0)
    assert last < 0 or ahead <= timedelta(minutes=period)


@given(minutes, periods)
def test_a_schedule_that_is_stored_now_begins_on_its_own_grid(now: int, period: int) -> None:
    due = first_due(every(period), later(now))

    assert due >= max(NOON, later(now))
    assert (due - NOON) % timedelta(minutes=period) == timedelta(0)


def test_a_schedule_that_is_stored_at_its_first_time_is_due_at_once() -> None:
    assert first_due(every(10), NOON) == NOON


def test_a_schedule_keeps_its_time_zone() -> None:
    tokyo = timezone(timedelta(hours=9))

    due = every(10, NOON.astimezone(tokyo)).due_after(later(5))

    assert due == later(10)
    assert due.tzinfo == tokyo


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 65, "a/b"])
def test_a_name_that_eventbridge_would_refuse_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        Schedule(name=name, function="sweep", event={}, first_at=NOON, every_minutes=1)
