import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from core.adapters.slack.actions import ACKNOWLEDGE, RESOLVE
from core.domain.alert import Alert
from infra.local.demo.at_the_desk import Replay, desk_of
from infra.local.demo.hands import Hands, NotProved, prove
from infra.local.demo.month import Month
from infra.local.demo.season import FEBRUARY
from infra.local.demo.stage import ADA, GRACE, Stage
from infra.local.demo.story import play_story
from infra.local.demo.telling import Teller
from infra.local.desk.deeds import PressControl
from infra.local.desk.desk import Desk
from infra.local.flights import Day, days
from infra.local.slack.records import Json

SOON_S = 30


@pytest.fixture(scope="module")
def built() -> dict[str, Day]:
    return {day.name: day for day in days(FEBRUARY.first_day, FEBRUARY.last_watched)}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, FEBRUARY.opening) as stage:
        yield stage


@pytest.fixture
def teller() -> Teller:
    return Teller(Console(quiet=True))


def test_the_whole_story_takes_effect(stage: Stage, built: dict[str, Day], teller: Teller) -> None:
    play_story(stage, Month(stage, built), teller)


def test_a_story_in_which_nothing_happens_is_not_proved(
    stage: Stage, built: dict[str, Day], teller: Teller
) -> None:
    quiet = {name: day for name, day in built.items() if name <= "2013-01-29"}

    with pytest.raises(NotProved, match="28 days were watched"):
        play_story(stage, Month(stage, quiet), teller)


def test_what_did_not_take_effect_is_named() -> None:
    with pytest.raises(NotProved, match="This did not take effect: the pointer moved"):
        prove(claim=False, what="the pointer moved")


def test_at_the_desk_the_month_waits_for_a_person_and_then_goes_on(
    stage: Stage, built: dict[str, Day], teller: Teller
) -> None:
    with replayed(stage, until_day(built, "2013-01-31"), teller) as (replay, desk):
        alert = the_alert_that_waits(stage, replay)
        assert go_on(desk) == {"label": "Go on", "is_wanted": True}
        stage.slack.click(ACKNOWLEDGE, user=ADA.id, message=Hands(stage).card(alert.id))
        until(stage, lambda: "the month is over" in replay.banner)
        assert go_on(desk) == {"label": "Go on", "is_wanted": False}
    assert replay.banner.startswith("Thursday 31 January 2013")


def test_the_days_wait_while_somebody_fills_in_a_form(
    stage: Stage, built: dict[str, Day], teller: Teller
) -> None:
    with replayed(stage, until_day(built, "2013-01-30"), teller) as (replay, _):
        card = Hands(stage).card(the_alert_that_waits(stage, replay).id)
        stage.slack.click(RESOLVE, user=ADA.id, message=card)
        stage.slack.click(ACKNOWLEDGE, user=GRACE.id, message=card)
        until(stage, lambda: "Ada has a form open" in replay.banner)
        stage.slack.close_view(ADA.id)
        until(stage, lambda: "the month is over" in replay.banner)


def test_who_goes_on_passes_over_what_waits(
    stage: Stage, built: dict[str, Day], teller: Teller
) -> None:
    with replayed(stage, until_day(built, "2013-01-30"), teller) as (replay, desk):
        the_alert_that_waits(stage, replay)
        desk.act(PressControl(kind="control", user=ADA.id, index=0))
        assert go_on(desk) == {"label": "Go on", "is_wanted": False}
        until(stage, lambda: "the month is over" in replay.banner)
    [alert] = stage.ports.records.query(Alert, "alerts:open")
    assert alert.owner is None


def until_day(built: dict[str, Day], last: str) -> dict[str, Day]:
    return {name: day for name, day in built.items() if name <= last}


@contextmanager
def replayed(stage: Stage, built: dict[str, Day], teller: Teller) -> Iterator[tuple[Replay, Desk]]:
    """Replay these days in a thread of its own, as fast as people let it."""
    replay, stop = Replay(stage, Month(stage, built), teller, day_lasts_s=0), threading.Event()
    with desk_of(stage, replay, port=0) as desk:
        playing = threading.Thread(target=replay.play, args=(desk, stop))
        playing.start()
        try:
            yield replay, desk
        finally:
            stop.set()
            playing.join(SOON_S)


def the_alert_that_waits(stage: Stage, replay: Replay) -> Alert:
    until(stage, lambda: "an alert waits for you" in replay.banner)
    [alert] = stage.ports.records.query(Alert, "alerts:open")
    return alert


def go_on(desk: Desk) -> Json:
    [control] = desk.state(ADA.id, None)["controls"]
    shown: Json = control
    return shown


def until(stage: Stage, holds: Callable[[], bool]) -> None:
    changed = threading.Event()
    stage.slack.subscribe(changed.set)
    while not holds():
        changed.wait(0.05)
        changed.clear()
