import os
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from core.adapters.slack.actions import RESOLVE
from core.config import OneBoxSettings, Settings
from core.domain.alert import Alert, Disposition
from core.domain.completeness import Completeness
from core.domain.errors import Busy
from core.domain.lateness import RULE
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before, starts_at
from core.domain.timetable import Timetable
from core.domain.verdict import Severity
from core.flows.await_partition import await_partition
from core.flows.learn_arrivals import learn_arrivals
from core.flows.resolve import resolve
from core.flows.tell_late import tell_late
from core.wiring import use
from infra.local.one_box import OneBox
from infra.local.slack.records import Message
from tests.builders import ADA, CHANNEL, a_config
from tests.scenarios.scene import Scene
from tests.watched_model import parquet_of, some_flights

AT_SIX = timedelta(hours=30)
"""At six in the morning of the day after: when partitions usually land."""
A, B, C, D = "2013-02-08", "2013-02-09", "2013-02-10", "2013-02-11"
"""Friday to Monday; nothing after Thursday the 7th has landed."""


class Box:
    """The one box of a scene, with a clock that is set from story to story."""

    def __init__(self, scene: Scene, box: OneBox) -> None:
        self.scene = scene
        self._box = box

    def it_is(self, moment: str) -> None:
        """Let time pass, and the box do what is due."""
        now = datetime.fromisoformat(f"{moment}:00+00:00")
        self.scene.ports.sleep((now - self.scene.ports.now()).total_seconds())
        assert [ran.failure for ran in self._box.step(now) if ran.failure] == []

    def writes(self, day: str, name: str = "part-0.parquet", *, at: datetime | None = None) -> None:
        """Write an object of a partition; the box notices it when time passes next."""
        file = self.scene.folder / f"objects/flights/features/dt={day}/{name}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"" if name == "_SUCCESS" else parquet_of(some_flights(day)))
        os.utime(file, ((at or self.scene.ports.now()).timestamp(),) * 2)

    def lands(self, day: str, name: str = "part-0.parquet") -> None:
        """Let an object land now, and be noticed."""
        self.writes(day, name)
        self.it_is(f"{self.scene.ports.now():%Y-%m-%dT%H:%M}")

    @property
    def cards(self) -> list[Message]:
        """What stands in the channel."""
        return self.scene.slack.messages(CHANNEL)

    def words(self) -> list[str]:
        """Everything that can be read on the cards."""
        return [self.scene.words(card) for card in self.cards]

    def status(self) -> str:
        """What `/watch status` says."""
        self.scene.slack.command("/watch", "status", user=ADA.id, channel=CHANNEL)
        return self.scene.words(self.scene.slack.whispers(ADA.id)[-1])


@pytest.fixture
def box(scene: Scene) -> Iterator[Box]:
    place = Settings.read({"WATCHKEEPER_FOLDER": str(scene.folder)}).place
    assert isinstance(place, OneBoxSettings)
    use(scene.ports)
    with OneBox(place, scene.ports) as box:
        yield Box(scene, box)
    use(None)


@pytest.fixture
def daily(box: Box) -> Box:
    """A model whose partitions came every day at six for four weeks."""
    box.scene.store(came_at_six([days_before(A, back) for back in range(1, 29)]))
    return box


def came_at_six(days: list[str]) -> Timetable:
    return Timetable.starting("flights", {day: starts_at(day) + AT_SIX for day in days})


def by_marker() -> ModelConfig:
    return a_config(data=a_config().data.model_dump() | {"complete": {"marker": "_SUCCESS"}})


def alert_about(box: Box, day: str) -> Alert:
    alert = box.scene.ports.records.get(Alert, Alert.id_of("flights", day, RULE))
    assert alert is not None
    return alert


NOT_COME = "usually complete by 06:00 UTC the day after, at the latest 07:15."


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
