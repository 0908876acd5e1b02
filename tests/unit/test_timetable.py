from datetime import timedelta

import pytest

from core.domain.awaited import Awaited
from core.domain.habit import MARGIN, Usual
from core.domain.lateness import Lateness, at, came
from core.domain.partition import days_before, starts_at
from core.domain.timetable import Timetable
from tests.builders import NOON

FIRST = "2013-01-07"
AT_SIX = timedelta(hours=30)


def daily(count: int) -> dict[str, object]:
    days = [days_before(FIRST, -ahead) for ahead in range(count)]
    return {day: starts_at(day) + AT_SIX for day in days}


def a_timetable(count: int = 28) -> Timetable:
    return Timetable.model_validate(
        {"id": "flights", "came": daily(count), "settled": days_before(FIRST, 1 - count)}
    )


A, B, C = "2013-02-04", "2013-02-05", "2013-02-06"
"""The three days after four weeks."""


def test_five_weeks_of_partitions_are_kept() -> None:
    table = a_timetable(60)

    assert len(table.arrived("2013-03-08", NOON).came) == Timetable.MOST
    assert min(table.arrived("2013-03-08", NOON).came) == "2013-02-02"


def test_what_is_rewritten_came_when_it_came_first() -> None:
    table = a_timetable()

    assert table.arrived(FIRST, NOON) == table


def test_what_is_missing_when_a_model_begins_to_be_watched_is_nobodys_news() -> None:
    with_a_hole = {name: at for name, at in a_timetable().came.items() if name != "2013-01-29"}

    table = Timetable.starting("flights", dict(with_a_hole))

    assert table.late(starts_at("2013-02-04"), None) == []


def test_late_is_what_was_expected_after_what_is_settled() -> None:
    table, now = a_timetable(), starts_at("2013-02-08")

    assert table.late(now, None) == [A, B, C]
    assert table.telling([A, B]).settling(A).late(now, None) == [C]
    assert table.late(now, 24 * 4) == [A]


def test_when_the_one_that_was_told_comes_the_others_are_a_new_story() -> None:
    table = a_timetable().telling([A, B]).arrived(A, NOON)

    assert (table.told, table.late(starts_at("2013-02-08"), None)) == ((), [B, C])


def test_when_a_later_one_comes_those_that_were_told_are_left_to_people() -> None:
    table = a_timetable().telling([A, B]).arrived(C, NOON)

    assert (table.told, table.settled) == ((), B)


def test_when_one_of_the_others_comes_the_story_goes_on() -> None:
    assert a_timetable().telling([A, B]).arrived(B, NOON).told == (A, B)


USUAL = Usual(by=timedelta(hours=30, minutes=40), latest=timedelta(hours=31, minutes=10))


AT_NIGHT = Usual(by=timedelta(hours=23, minutes=30), latest=timedelta(hours=25))


@pytest.mark.parametrize(
    ("late", "what", "expected"),
    [
        (
            {"usual": USUAL},
            " has not come",
            "usually complete by 06:40 UTC the day after, at the latest 07:10",
        ),
        (
            {"usual": USUAL, "more": 3},
            " and 3 more have not come",
            "usually complete by 06:40 UTC the day after, at the latest 07:10",
        ),
        (
            {"usual": USUAL, "missing": "`_SUCCESS` is missing", "more": 2},
            " is not complete (`_SUCCESS` is missing), and 2 more have not come",
            "usually complete by 06:40 UTC the day after, at the latest 07:10",
        ),
        (
            {"usual": AT_NIGHT},
            " has not come",
            "usually complete by 23:30 UTC, at the latest 01:00 UTC the day after",
        ),
        (
            {"usual": USUAL, "within_hours": 36},
            " has not come",
            "it has to be complete within 36 hours of its start",
        ),
    ],
)
def test_what_is_late_is_said_in_one_sentence(
    late: dict[str, object], what: str, expected: str
) -> None:
    lateness = Lateness.model_validate({"partition": "2013-02-08"} | late)

    assert lateness.sentence == f"The partition 2013-02-08{what}: {expected}."


def test_a_moment_is_told_from_the_day_of_its_partition() -> None:
    midnight = starts_at("2013-02-08")
    hours = {0: "", 24: " the day after", 50: " 2 days after", -1: " the day before"}

    said = [at(midnight + timedelta(hours=ahead), "2013-02-08") for ahead in hours]

    assert [moment.partition("UTC")[2] for moment in said] == list(hours.values())
    assert came("2013-02-08", NOON) == "The partition 2013-02-08 came at 12:00 UTC."


def awaited(**changes: object) -> Awaited:
    stated = {"id": "awt_1", "model": "flights", "partition": "2013-02-08", "changed_at": NOON}
    return Awaited.model_validate(stated | {"missing": "it is not quiet", "due_at": NOON} | changes)


def test_the_many_objects_of_a_partition_that_is_not_quiet_change_its_record_once() -> None:
    before = awaited(due_at=NOON + timedelta(minutes=9))

    assert before.waiting("it is not quiet", NOON + timedelta(minutes=15), NOON) is before


def test_a_time_to_look_again_that_has_passed_is_moved_on() -> None:
    later = NOON + timedelta(minutes=15)

    assert awaited().waiting("it is not quiet", later, NOON).due_at == later


def test_what_is_complete_waits_no_longer_and_is_forgotten_after_a_while() -> None:
    over = awaited().waiting(None, None, NOON)

    assert (awaited().listing, over.listing) == ("awaited", None)
    assert over.expires_at_s > NOON.timestamp()


@pytest.mark.parametrize(
    ("minutes", "is_due"), [(-1, False), (0, True), (14, True), (16, False), (30, True)]
)
def test_it_is_looked_at_each_minute_and_then_each_quarter(minutes: int, *, is_due: bool) -> None:
    assert awaited().is_due(NOON + timedelta(minutes=minutes)) is is_due


def test_what_waits_for_an_object_is_never_due() -> None:
    assert not awaited(due_at=None).is_due(NOON)


def test_there_is_always_a_margin() -> None:
    limit = starts_at(A) + AT_SIX + MARGIN

    assert a_timetable().late(limit - timedelta(seconds=1), None) == []
    assert a_timetable().late(limit, None) == [A]
