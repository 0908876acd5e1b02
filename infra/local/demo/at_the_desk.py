"""The story for a person at the desk: the month goes by, and waits where somebody has to decide."""

import threading
import time
from typing import Final, Protocol

import yaml
from rich.console import Console

from core.domain.alert import Alert
from core.domain.serving import Serving
from infra.local.demo.month import SPOILED, SPOILED_HOW, Month
from infra.local.demo.stage import NAMES, ROLES, Stage
from infra.local.demo.telling import Teller
from infra.local.desk.desk import Desk
from infra.local.desk.doing import Control
from infra.local.run import MANIFEST, stop_on_signals

_LOOK_EACH_S: Final = 0.1


class Show(Protocol):
    """What plays on the desk."""

    @property
    def banner(self) -> str:
        """The line above the desk."""
        ...

    @property
    def is_waiting(self) -> bool:
        """Whether somebody is waited for."""
        ...

    def go_on(self) -> None:
        """Do not wait any longer."""
        ...


class Replay:
    """Lets one day follow the other until the month is over."""

    def __init__(
        self, stage: Stage, month: Month, teller: Teller, day_lasts_s: float = 3.0
    ) -> None:
        self._stage, self._month, self._teller = stage, month, teller
        self._day_lasts_s = day_lasts_s
        self._state = "January is being learned"
        self._awaited: set[str] = set()
        self._passed_over: set[str] = set()

    @property
    def banner(self) -> str:
        """The line above the desk: what time it is in the story, and whom it waits for."""
        now = self._stage.clock.now()
        spoiled = f" ({SPOILED_HOW})" if f"{now:%Y-%m-%d}" == SPOILED else ""
        return f"{now:%A %d %B %Y, %H:%M} UTC: {self._state}{spoiled}"

    @property
    def is_waiting(self) -> bool:
        """Say whether somebody is waited for, and could say that nobody need be."""
        return bool(self._awaited - self._passed_over)

    def go_on(self) -> None:
        """Do not wait for what is waited for now, today or later."""
        self._passed_over |= self._awaited

    def play(self, desk: Desk, stop: threading.Event) -> None:
        """Play the month, then keep the desk alive until told to stop."""
        with self._teller.waiting("learning January"):
            self._month.learn_the_past()
        for day in self._month.watched_days():
            self._teller.day(day, self._stage.ports)
            self._live_through_the_day(desk, stop)
            if stop.is_set():
                return
        self._say("the month is over; look around", desk)
        while not stop.wait(_LOOK_EACH_S):
            self._stage.step()

    def _live_through_the_day(self, desk: Desk, stop: threading.Event) -> None:
        """Let the box answer what people do, until the day is over and nobody is waited for."""
        ends_s = time.monotonic() + self._day_lasts_s
        while time.monotonic() < ends_s or self._waits(desk):
            if stop.wait(_LOOK_EACH_S):
                return
            self._stage.step()

    def _waits(self, desk: Desk) -> bool:
        """Say whether somebody is needed first, and not passed over, or is filling in a form."""
        records = self._stage.ports.records
        alerts: set[str] = {
            alert.id for alert in records.query(Alert, "alerts:open") if not alert.owner
        }
        serving = records.get(Serving, "flights")
        challenger: set[str] = {serving.in_view} if serving and serving.in_view else set()
        self._awaited = (alerts | challenger) - self._passed_over
        writing = [NAMES[person] for person in ROLES if self._stage.slack.view_of(person)]
        if self._awaited & alerts:
            self._say("an alert waits for you: acknowledge it, or go on", desk)
        elif self._awaited:
            self._say("a challenger waits for Ada and Katherine: promote it, or go on", desk)
        elif writing:
            self._say(f"{writing[0]} has a form open: send it, or close it", desk)
        else:
            self._say("the days go by", desk)
        return bool(self._awaited or writing)

    def _say(self, state: str, desk: Desk) -> None:
        if state != self._state:
            self._state = state
            desk.changes.announce()


def desk_of(stage: Stage, show: Show, port: int) -> Desk:
    """Make the desk of the story, with its clock above and a button that lets it go on."""
    return Desk(
        stage.slack,
        manifest=yaml.safe_load(MANIFEST.read_text()),
        people=ROLES,
        port=port,
        banner=lambda: show.banner,
        controls=[Control("Go on", show.go_on, lambda: show.is_waiting)],
    )


def play_at_the_desk(stage: Stage, month: Month, port: int, console: Console) -> None:
    """Open the desk and replay the month on it, until Ctrl-C."""
    replay = Replay(stage, month, Teller(console))
    with desk_of(stage, replay, port) as desk:
        console.print(f"The desk is at {desk.url} — Ctrl-C ends the demo.")
        replay.play(desk, stop_on_signals())
