"""The story about models for a person at the desk: it plays itself, and asks for two clicks."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from rich.console import Console

from infra.local.demo.at_the_desk import desk_of
from infra.local.demo.hands import NotProved
from infra.local.demo.models_story import play_models_story
from infra.local.demo.month import Month
from infra.local.demo.stage import Stage
from infra.local.demo.telling import Teller
from infra.local.desk.desk import Desk
from infra.local.flights import Day
from infra.local.run import stop_on_signals

_LOOK_EACH_S: Final = 0.1


class Stopped(Exception):
    """Whoever looks on has seen enough."""


class Watching:
    """An audience at the desk: days take their time, and two decisions wait for a person."""

    def __init__(self, stage: Stage, stop: threading.Event, day_lasts_s: float = 3.0) -> None:
        self._stage, self._stop, self._day_lasts_s = stage, stop, day_lasts_s
        self._announce: Callable[[], None] = lambda: None
        self._state = "the story begins"
        self._asked: str | None = None
        self._has_gone_on = False

    @property
    def banner(self) -> str:
        """The line above the desk: what time it is in the story, and whom it waits for."""
        now = self._stage.clock.now()
        return f"{now:%A %d %B %Y, %H:%M} UTC: {self._asked or self._state}"

    @property
    def is_waiting(self) -> bool:
        """Say whether somebody is waited for."""
        return self._asked is not None and not self._has_gone_on

    def go_on(self) -> None:
        """Let the story do itself what it waits for."""
        self._has_gone_on = True

    def shows_on(self, desk: Desk) -> None:
        """Tell a desk when the line above it changes."""
        self._announce = desk.changes.announce

    def sees(self, state: str) -> None:
        """Say what goes on in the story."""
        self._state = state
        self._announce()

    def lives_through_the_day(self) -> None:
        """Let the box answer what people do, until the day is over.

        Raises:
            Stopped: nobody looks on any more.
        """
        ends_s = time.monotonic() + self._day_lasts_s
        while time.monotonic() < ends_s:
            self._moment()

    def may(self, what: str, is_done: Callable[[], bool]) -> bool:
        """Wait for a person to do something; False if they would rather go on.

        Raises:
            Stopped: nobody looks on any more.
        """
        self._asked, self._has_gone_on = what, False
        self._announce()
        while not (is_done() or self._has_gone_on):
            self._moment()
        self._asked = None
        self._announce()
        return is_done()

    def looks_around(self, state: str) -> None:
        """Keep the desk alive until nobody looks on any more.

        Raises:
            Stopped: that is so.
        """
        self.sees(state)
        while True:
            self._moment()

    def _moment(self) -> None:
        if self._stop.wait(_LOOK_EACH_S):
            raise Stopped
        self._stage.step()


def watch_models(
    stage: Stage, month: Month, built: Mapping[str, Day], port: int, console: Console
) -> None:
    """Open the desk and play the story about models on it, until Ctrl-C."""
    watching = Watching(stage, stop_on_signals())
    with desk_of(stage, watching, port) as desk:
        watching.shows_on(desk)
        console.print(f"The desk is at {desk.url} — Ctrl-C ends the demo.")
        try:
            play_to(watching, stage, month, built, Teller(console))
        except Stopped:
            return


def play_to(
    watching: Watching, stage: Stage, month: Month, built: Mapping[str, Day], teller: Teller
) -> None:
    """Play the story, then let people look around; also where they led it another way.

    Raises:
        Stopped: nobody looks on any more.
    """
    try:
        play_models_story(stage, month, built, teller, watching)
    except NotProved as other_way:
        teller.say(stage.clock.now(), "(demo)", f"the story ends here. {other_way}")
    watching.looks_around("the story is over; look around")
