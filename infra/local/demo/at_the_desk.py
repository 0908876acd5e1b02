"""The story for a person at the desk: the month goes by, and waits where somebody has to decide."""

import time
from pathlib import Path
from typing import Final

import yaml
from rich.console import Console

from core.domain.alert import Alert
from core.domain.serving import Serving
from infra.local.demo.month import Month
from infra.local.demo.stage import ROLES, Stage
from infra.local.demo.telling import Teller
from infra.local.desk.desk import Desk

_MANIFEST: Final = Path(__file__).parents[2] / "slack-manifest.yml"
_DAY_LASTS_S: Final = 3.0
_LOOK_EACH_S: Final = 0.1


class Replay:
    """Lets one day follow the other until the month is over."""

    def __init__(self, stage: Stage, month: Month, teller: Teller) -> None:
        self._stage, self._month, self._teller = stage, month, teller
        self._state = "January is being learned"
        self._awaited: set[str] = set()
        self._passed_over: set[str] = set()

    @property
    def banner(self) -> str:
        """The line above the desk: what time it is in the story, and whom it waits for."""
        return f"{self._stage.clock.now():%A %d %B %Y, %H:%M} UTC: {self._state}"

    def go_on(self) -> None:
        """Do not wait for what is waited for now, today or later."""
        self._passed_over |= self._awaited

    def play(self, desk: Desk) -> None:
        """Play the month, then keep the desk alive until the person stops it."""
        self._month.learn_january()
        for day in self._month.watched_days():
            self._teller.day(day, self._stage.ports)
            self._live_through_the_day(desk)
        self._say("the month is over; look around", desk)
        while True:
            self._stage.step()
            time.sleep(_LOOK_EACH_S)

    def _live_through_the_day(self, desk: Desk) -> None:
        """Let the box answer what people do, until the day is over and nobody is waited for."""
        ends_s = time.monotonic() + _DAY_LASTS_S
        while time.monotonic() < ends_s or self._waits(desk):
            self._stage.step()
            time.sleep(_LOOK_EACH_S)

    def _waits(self, desk: Desk) -> bool:
        """Say whether something that nobody passed over needs a person first."""
        records = self._stage.ports.records
        alerts: set[str] = {
            alert.id for alert in records.query(Alert, "alerts:open") if not alert.owner
        }
        serving = records.get(Serving, "flights")
        challenger: set[str] = {serving.challenger} if serving and serving.challenger else set()
        self._awaited = (alerts | challenger) - self._passed_over
        if self._awaited & alerts:
            self._say("an alert waits for you: acknowledge it, or go on", desk)
        elif self._awaited:
            self._say("a challenger waits for Ada: promote it, or go on", desk)
        else:
            self._say("a day each three seconds", desk)
        return bool(self._awaited)

    def _say(self, state: str, desk: Desk) -> None:
        if state != self._state:
            self._state = state
            desk.changes.announce()


def play_at_the_desk(stage: Stage, month: Month, port: int, console: Console) -> None:
    """Open the desk and replay the month on it, until Ctrl-C."""
    replay = Replay(stage, month, Teller(console))
    with Desk(
        stage.slack,
        manifest=yaml.safe_load(_MANIFEST.read_text()),
        people=ROLES,
        port=port,
        banner=lambda: replay.banner,
        controls=[("Go on", replay.go_on)],
    ) as desk:
        console.print(f"The desk is at {desk.url} — Ctrl-C ends the demo.")
        try:
            replay.play(desk)
        except KeyboardInterrupt:
            console.print("Goodbye.")
