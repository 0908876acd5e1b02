"""A partition that does not come in time is one alert, whose card follows what comes."""

import pytest

from core.adapters.slack.actions import RESOLVE
from core.domain.alert import Alert, Disposition
from core.domain.completeness import Completeness
from core.domain.errors import Busy
from core.domain.partition import days_before
from core.domain.verdict import Severity
from core.flows.await_partition import await_partition
from core.flows.learn_arrivals import learn_arrivals
from core.flows.resolve import resolve
from core.flows.tell_late import tell_late
from tests.builders import ADA, a_config
from tests.scenarios.test_late_partitions.boxes import (
    NOT_COME,
    A,
    B,
    Box,
    C,
    D,
    alert_about,
    by_marker,
)


def test_a_partition_that_does_not_come_is_told_once_with_when_it_usually_does(daily: Box) -> None:
    daily.it_is("2013-02-09T07:10")
    assert daily.cards == []

    daily.it_is("2013-02-09T07:15")
    daily.it_is("2013-02-09T07:20")
    daily.it_is("2013-02-09T18:00")

    [said] = daily.words()
    assert "*flights · 2013-02-08*  WARN · late: not there when it should be" in said
    assert f"The partition 2013-02-08 has not come: {NOT_COME}" in said
    assert "Ask the owner of the source" in said


def test_when_it_comes_its_card_says_so_and_it_is_checked(daily: Box) -> None:
    daily.it_is("2013-02-09T07:15")

    daily.it_is("2013-02-09T09:12")
    daily.lands(A)

    [said] = daily.words()
    assert "The partition 2013-02-08 came at 09:12 UTC the day after." in said
    assert "Nothing is left to do; resolve it." in said
    [reply] = daily.scene.thread(daily.cards[0])
    assert reply.text.startswith("watchkeeper saw that it came")
    assert alert_about(daily, A).evidence.severity is Severity.OK
    assert "Checked up to 2013-02-08" in daily.status()


def test_a_partition_that_began_and_lacks_its_marker_says_what_is_missing(daily: Box) -> None:
    daily.scene.applied(by_marker())
    daily.it_is("2013-02-09T06:00")
    daily.lands(A)

    daily.it_is("2013-02-09T07:15")

    [said] = daily.words()
    assert f"The partition {A} is not complete (`_SUCCESS` is missing): {NOT_COME}" in said
    assert "See whether the job that writes it stopped halfway." in said


def test_what_lands_of_a_late_partition_changes_its_card(daily: Box) -> None:
    daily.scene.applied(by_marker())
    daily.it_is("2013-02-09T07:15")

    daily.it_is("2013-02-09T08:00")
    daily.lands(A)

    [said] = daily.words()
    assert "is not complete (`_SUCCESS` is missing)" in said
    daily.it_is("2013-02-09T08:05")
    daily.lands(A, "_SUCCESS")
    assert "came at 08:05 UTC the day after" in daily.words()[0]


def test_of_many_that_are_missing_the_oldest_is_told_with_how_many_more(daily: Box) -> None:
    for day in (B, C, D, "2013-02-12"):
        daily.it_is(f"{day}T07:15")

    [said] = daily.words()
    assert f"The partition {A} and 3 more have not come: {NOT_COME}" in said
    assert daily.scene.thread(daily.cards[0]) == []


def test_when_the_oldest_comes_the_next_is_a_story_of_its_own(daily: Box) -> None:
    daily.it_is("2013-02-10T07:15")
    daily.lands(A)

    daily.it_is("2013-02-10T07:20")

    came, missing = daily.words()
    assert f"The partition {A} came at" in came
    assert f"The partition {B} has not come" in missing


def test_an_alert_that_a_person_closed_leaves_all_it_spoke_of_to_that_person(daily: Box) -> None:
    daily.it_is("2013-02-10T07:15")
    resolve(alert_about(daily, A).id, Disposition.EXPECTED_CHANGE, ADA, daily.scene.ports)

    daily.it_is("2013-02-10T07:20")
    assert len(daily.cards) == 1
    for minute in (15, 20):
        daily.it_is(f"2013-02-11T07:{minute}")

    closed, fresh = daily.words()
    assert f"The partition {A} and 1 more have not come" in closed
    assert f"The partition {C} has not come" in fresh


def test_one_that_was_left_out_says_so_when_it_comes_days_later(daily: Box) -> None:
    daily.it_is("2013-02-09T07:15")
    for day in (B, C):
        daily.it_is(f"{days_before(day, -1)}T06:00")
        daily.lands(day)

    daily.lands(A)

    assert "came at 06:00 UTC 3 days after" in daily.words()[0]
    daily.it_is("2013-02-12T07:15")
    assert f"The partition {D} has not come" in daily.words()[1]


def test_status_says_what_was_checked_what_is_late_and_what_waits(daily: Box) -> None:
    daily.scene.applied(by_marker())
    assert "Nothing was checked yet" in daily.status()
    daily.it_is("2013-02-09T06:00")
    daily.lands(A)
    daily.lands(A, "_SUCCESS")
    daily.it_is("2013-02-11T06:30")
    daily.lands(C)

    daily.it_is("2013-02-11T07:15")
    said = daily.status()

    assert f"Checked up to {A}, last <!date^" in said
    assert f"*late: {B}* and 1 more" in said
    assert f"{C} waits: `_SUCCESS` is missing" in said
    daily.scene.slack.open_home(ADA.id)
    assert f"*late: {B}* and 1 more" in str(daily.scene.slack.home_of(ADA.id))


def test_a_late_alert_is_resolved_by_its_button_like_any_other(daily: Box) -> None:
    daily.it_is("2013-02-09T07:15")

    assert daily.scene.has(daily.cards[0], RESOLVE)


def test_who_is_never_first_leaves_it_to_the_next_try(daily: Box) -> None:
    daily.scene.ports.sleep(24 * 3600)
    ports = daily.scene.never_first()

    with pytest.raises(Busy):
        await_partition("flights", A, ports)
    with pytest.raises(Busy):
        tell_late(a_config(), A, Completeness(), ports)
    daily.writes(A)
    with pytest.raises(Busy):
        await_partition("flights", A, ports)
    with pytest.raises(Busy):
        learn_arrivals(a_config(), [A], ports)


def test_a_look_that_finds_nothing_new_changes_nothing(daily: Box) -> None:
    daily.it_is("2013-02-09T07:15")
    before = alert_about(daily, A)

    assert tell_late(a_config(), A, Completeness(), daily.scene.ports) == before
    assert alert_about(daily, A) == before


def test_a_later_one_is_not_told_whoever_looks_at_it(daily: Box) -> None:
    daily.scene.ports.sleep(3 * 24 * 3600)

    assert tell_late(a_config(), B, Completeness(), daily.scene.ports) is None
    assert daily.scene.ports.records.query(Alert, "alerts:open") == []
