"""When partitions come is learned from those that came, by events alone."""

from core.domain.partition import days_before, starts_at
from core.domain.timetable import Timetable
from core.flows.learn_arrivals import learn_arrivals
from tests.builders import a_config
from tests.scenarios.test_late_partitions.boxes import (
    AT_SIX,
    NOT_COME,
    A,
    B,
    Box,
    C,
    D,
    came_at_six,
)


def test_nothing_is_late_on_days_on_which_nothing_comes(box: Box) -> None:
    days = [days_before(A, back) for back in range(28)]
    working = [day for day in days if starts_at(day).weekday() < 5]
    box.scene.store(came_at_six(working))  # up to Friday the 8th

    for moment in ("2013-02-09T12:00", "2013-02-10T12:00", "2013-02-11T12:00"):
        box.it_is(moment)
    assert box.cards == []
    box.it_is("2013-02-12T07:15")

    [said] = box.words()
    assert f"The partition {D} has not come" in said


def test_when_partitions_come_is_learned_from_those_that_came(box: Box) -> None:
    for ahead in range(15):
        day = days_before(A, -ahead)
        box.it_is(f"{days_before(day, -1)}T06:00")
        box.lands(day)
    assert box.cards == []
    missing = days_before(A, -15)

    box.it_is(f"{days_before(missing, -1)}T07:15")

    [said] = box.words()
    assert f"The partition {missing} has not come: {NOT_COME}" in said


def test_a_day_of_the_distant_future_is_checked_and_says_nothing_of_when_others_come(
    daily: Box,
) -> None:
    daily.lands("2033-02-08")

    daily.it_is("2013-02-09T07:15")

    [said] = daily.words()
    assert f"The partition {A} has not come" in said
    assert "Checked up to 2033-02-08" in daily.status()


def test_history_that_is_filled_in_raises_nothing_and_teaches_nothing(box: Box) -> None:
    for back in range(12):
        box.writes(days_before(A, back))
    box.it_is("2013-02-08T12:05")

    for moment in ("2013-02-09T12:00", "2013-02-12T12:00", "2013-03-12T12:00"):
        box.it_is(moment)

    assert box.cards == []


def test_history_that_came_day_by_day_is_learned_from_at_a_training(box: Box) -> None:
    days = [days_before(A, back) for back in range(1, 20)]
    for day in days:
        box.writes(day, at=starts_at(day) + AT_SIX)

    learn_arrivals(a_config(), days, box.scene.ports)

    box.it_is("2013-02-09T07:15")
    [said] = box.words()
    assert f"The partition {A} has not come: {NOT_COME}" in said


def test_a_training_takes_in_only_what_no_event_told_of(daily: Box) -> None:
    daily.scene.ports.sleep(3600)
    for day in (days_before(A, 1), days_before(A, 40), "2013-02-06"):
        daily.writes(day)
    before = daily.scene.ports.records.get(Timetable, "flights")

    learn_arrivals(a_config(), [days_before(A, 1), "2013-02-06"], daily.scene.ports)

    assert daily.scene.ports.records.get(Timetable, "flights") == before


def test_a_box_that_was_off_says_nothing_of_what_landed_meanwhile(daily: Box) -> None:
    for day in (A, B, C):
        daily.writes(day, at=starts_at(day) + AT_SIX)

    daily.it_is("2013-02-11T07:15")

    assert daily.cards == []


def test_a_time_that_the_config_fixes_counts_instead_of_the_learned_one(daily: Box) -> None:
    daily.scene.applied(a_config(alerts={"arrives_within_hours": 36}))

    daily.it_is("2013-02-09T11:55")
    assert daily.cards == []
    daily.it_is("2013-02-09T12:00")

    [said] = daily.words()
    assert f"The partition {A} has not come: it has to be complete within 36 hours" in said
