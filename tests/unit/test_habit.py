from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.habit import FEWEST, MARGIN, Habit
from core.domain.partition import days_before, starts_at

MONDAY = "2013-01-07"
AT_SIX = timedelta(hours=30)
"""At six in the morning of the day after."""


def days(count: int, first: str = MONDAY, step: int = 1) -> list[str]:
    return [days_before(first, -step * ahead) for ahead in range(count)]


def at_six(names: list[str], **late: timedelta) -> dict[str, datetime]:
    """Let partitions come at six; those that are named, as `d2013_01_09`, otherwise."""
    return {
        name: starts_at(name) + late.get(f"d{name.replace('-', '_')}", AT_SIX) for name in names
    }


def noon(day: str) -> datetime:
    return starts_at(day) + timedelta(hours=12)


def late_after(names: list[str], now: datetime) -> list[str]:
    return Habit.of(at_six(names)).late(names[0], now)


delays = st.lists(st.integers(-600, 3000), min_size=FEWEST, max_size=35)
"""Minutes after the start of a partition."""


def habit_of(minutes: list[int]) -> Habit:
    names = days(len(minutes), step=7)  # a week apart: nothing looks as if it came at once
    came = zip(names, minutes, strict=True)
    return Habit.of({name: starts_at(name) + timedelta(minutes=late) for name, late in came})


def usual_of(minutes: list[int]) -> tuple[timedelta, timedelta]:
    usual = habit_of(minutes).usual(days(40, step=7)[-1])
    assert usual is not None
    return usual.by, usual.latest


@given(delays)
def test_there_is_always_more_time_than_usual(minutes: list[int]) -> None:
    by, latest = usual_of(minutes)

    assert latest - by >= MARGIN


@given(delays, st.integers(-300, 300))
def test_data_that_comes_so_much_later_is_late_so_much_later(minutes: list[int], more: int) -> None:
    by, latest = usual_of(minutes)

    moved = usual_of([delay + more for delay in minutes])

    assert moved[0] - by == timedelta(minutes=more)
    assert abs(moved[1] - latest - timedelta(minutes=more)) < timedelta(milliseconds=1)


@given(delays, st.integers(3001, 20_000))
def test_one_day_however_late_moves_usual_no_further_than_other_days_are_apart(
    minutes: list[int], far: int
) -> None:
    calm = [*minutes, *minutes[-3:]]  # whatever the last of them says was said before

    by, _ = usual_of([far, *calm])

    assert by <= timedelta(minutes=max(minutes))


@given(delays)
def test_the_usual_moment_is_never_outside_of_what_was_seen(minutes: list[int]) -> None:
    by, _ = usual_of(minutes)

    assert timedelta(minutes=min(minutes)) <= by <= timedelta(minutes=max(minutes))


def test_a_hand_computed_case() -> None:
    by, latest = usual_of([360, 362, 364, 370, 400])

    assert by == timedelta(minutes=364)
    spread = 4  # the median of 4, 2, 0, 6, 36
    assert latest == by + MARGIN + timedelta(minutes=3 * 1.4826 * spread)


@pytest.mark.parametrize("known", range(FEWEST))
def test_fewer_than_a_handful_of_partitions_say_nothing(known: int) -> None:
    habit = Habit.of(at_six(days(known, step=2)))

    assert habit.usual("2013-03-01") is None
    assert not habit.expects("2013-03-01")
    assert habit.late(MONDAY, noon("2013-03-01")) == []


def test_a_day_that_has_not_come_is_late_from_its_limit_on() -> None:
    names = days(21)
    missing = days(22)[-1]
    limit = starts_at(missing) + AT_SIX + MARGIN

    assert late_after(names, limit - timedelta(seconds=1)) == []
    assert late_after(names, limit) == [missing]


def test_the_oldest_of_many_comes_first() -> None:
    assert late_after(days(21), noon("2013-01-31")) == days(24)[-3:]


def test_nobody_waits_on_the_weekend_for_what_comes_on_working_days() -> None:
    working = [day for day in days(26) if starts_at(day).weekday() < 5]
    assert working[-1] == "2013-02-01"  # a Friday

    assert late_after(working, noon("2013-02-05")) == ["2013-02-04"]


def test_a_working_week_alone_does_not_say_what_saturdays_do() -> None:
    assert late_after(days(5), noon("2013-01-14")) == []


def test_what_comes_weekly_is_waited_for_once_a_week() -> None:
    weekly = days(6, step=7)

    late = late_after(weekly, noon(days_before(weekly[-1], -16)))

    assert late == [days_before(weekly[-1], -7), days_before(weekly[-1], -14)]


def test_what_comes_every_third_day_is_waited_for_when_it_is_its_turn() -> None:
    known = days(6, step=3)

    assert late_after(known, noon(days_before(known[-1], -5))) == [days_before(known[-1], -3)]


def test_what_comes_on_the_first_of_a_month_is_not_waited_for() -> None:
    months = [f"2013-{month:02}-01" for month in range(1, 9)]

    assert late_after(months, noon("2013-11-20")) == []


def test_a_weekday_that_has_stopped_coming_is_waited_for_twice_and_then_no_more() -> None:
    without_sundays = [
        day for day in days(70) if day < "2013-02-10" or starts_at(day).weekday() < 6
    ]

    late = Habit.of(at_six(without_sundays)).late(MONDAY, noon(without_sundays[-1]))

    assert late == ["2013-02-10", "2013-02-17"]


def test_data_of_the_weekend_that_comes_on_monday_is_not_late_on_sunday() -> None:
    came = {}
    for day in days(28):
        shift = {5: 1, 6: 0}.get(starts_at(day).weekday(), 0)  # Saturday's comes with Sunday's
        came[day] = starts_at(day) + AT_SIX + timedelta(days=shift)
    saturday = days(34)[-1]
    del came["2013-02-03"]  # the last Sunday, which comes with the Saturday before
    del came["2013-02-02"]
    habit = Habit.of(came)

    assert saturday == "2013-02-09"
    assert habit.late(MONDAY, noon("2013-02-03")) == []
    assert habit.late(MONDAY, noon("2013-02-04")) == ["2013-02-02", "2013-02-03"]


def test_history_that_is_filled_in_at_once_teaches_nothing() -> None:
    filled_in = noon("2013-06-01")
    came = {day: filled_in + timedelta(minutes=n) for n, day in enumerate(days(60))}
    habit = Habit.of(came)

    assert habit.usual("2013-03-20") is None
    assert habit.late(MONDAY, noon("2013-07-01")) == []


def test_history_that_is_filled_in_leaves_what_was_learned_as_it_is() -> None:
    live = days(21)
    before = Habit.of(at_six(live))
    older = [days_before(MONDAY, back) for back in range(1, 30)]
    filled_in = {day: noon("2013-01-20") + timedelta(seconds=n) for n, day in enumerate(older)}
    after = Habit.of(at_six(live) | filled_in)

    assert after.usual("2013-01-28") == before.usual("2013-01-28")
    assert after.late(MONDAY, noon("2013-01-29")) == ["2013-01-28"]


def test_what_came_late_three_times_in_a_row_is_usual_from_then_on() -> None:
    names = days(21)
    late = timedelta(hours=34)
    twice = at_six(names, **{f"d{name.replace('-', '_')}": late for name in names[-2:]})
    thrice = at_six(names, **{f"d{name.replace('-', '_')}": late for name in names[-3:]})

    by = [Habit.of(came).usual("2013-02-01") for came in (twice, thrice)]

    assert [usual.by for usual in by if usual] == [AT_SIX, late]


def test_features_that_come_before_their_day_are_late_before_it_too() -> None:
    came = {day: starts_at(day) - timedelta(hours=3) for day in days(21)}
    tomorrow = days(22)[-1]

    assert Habit.of(came).late(MONDAY, starts_at(tomorrow) - timedelta(hours=1)) == [tomorrow]


def test_a_limit_that_a_person_fixed_counts_instead_of_the_learned_one() -> None:
    habit = Habit.of(at_six(days(21)))
    missing, within = days(22)[-1], timedelta(hours=48)

    assert habit.late(MONDAY, starts_at(missing) + timedelta(hours=47), within) == []
    assert habit.late(MONDAY, starts_at(missing) + within, within) == [missing]


def test_the_days_of_partitions_are_those_of_utc() -> None:
    assert starts_at(MONDAY) == datetime(2013, 1, 7, tzinfo=UTC)
