import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from pyarrow import parquet
from rich.console import Console

from infra.local.demo.at_the_desk import desk_of
from infra.local.demo.audience import Nobody
from infra.local.demo.hands import NotProved
from infra.local.demo.mistakes import Mistakes
from infra.local.demo.models_story import play_models_story
from infra.local.demo.month import Month
from infra.local.demo.spring import FLIPPED_SHARE, SPRING
from infra.local.demo.stage import ADA, Stage
from infra.local.demo.tale import Tale
from infra.local.demo.telling import Teller
from infra.local.demo.watching import Stopped, Watching
from infra.local.desk.deeds import PressControl
from infra.local.desk.desk import Desk
from infra.local.flights import Day, days, flip

FEW_DAYS_BEFORE, LAST_DAY = "2013-02-22", "2013-03-11"
SOON_S = 30


@pytest.fixture(scope="module")
def built() -> dict[str, Day]:
    return {day.name: day for day in days(SPRING.first_day, LAST_DAY)}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, SPRING.opening) as stage:
        yield stage


@pytest.fixture
def teller() -> Teller:
    return Teller(Console(quiet=True))


def until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    while not holds():
        pause.wait(0.01)


def late(labels: bytes) -> list[int]:
    found: list[int] = parquet.read_table(BytesIO(labels)).column("late").to_pylist()
    return found


def test_a_season_that_ends_too_early_is_not_proved(
    stage: Stage, built: dict[str, Day], teller: Teller
) -> None:
    few = {name: day for name, day in built.items() if name >= FEW_DAYS_BEFORE}

    with pytest.raises(NotProved, match="the season was long enough for the story"):
        play_models_story(stage, Month(stage, few, SPRING), few, teller, Nobody())


def test_what_does_not_come_by_the_end_of_the_season_is_named(stage: Stage, teller: Teller) -> None:
    tale = Tale(stage, iter(()), teller, Nobody())

    with pytest.raises(NotProved, match="the gate saw a gain, by the end of the season"):
        tale.days_until(lambda: False, "the gate saw a gain")


def test_flipped_labels_are_as_many_as_the_story_says_and_the_same_each_time(
    built: dict[str, Day],
) -> None:
    labels = built[LAST_DAY].labels

    flipped = flip(labels, FLIPPED_SHARE)

    differ = [one != other for one, other in zip(late(labels), late(flipped), strict=True)]
    assert sum(differ) / len(differ) == pytest.approx(FLIPPED_SHARE, abs=0.05)
    assert flip(labels, FLIPPED_SHARE) == flipped


def test_labels_that_the_story_flips_land_again_as_they_were(
    stage: Stage, built: dict[str, Day]
) -> None:
    mistakes, objects = Mistakes(built), stage.ports.objects

    flipped = mistakes.flip(stage)
    wrong = {name: objects.get(built[name].labels_key) for name in flipped}
    mistakes.correct(stage)

    assert all(wrong[name] != built[name].labels for name in flipped)
    assert all(objects.get(built[name].labels_key) == built[name].labels for name in flipped)


def test_at_the_desk_a_decision_waits_until_somebody_takes_it(stage: Stage) -> None:
    with asked_at_the_desk(stage) as (watching, _, taken, answers):
        assert watching.banner.endswith("UTC: be Ada")
        taken.set()
    assert answers == [True]
    assert watching.banner.endswith("UTC: the story begins")


def test_at_the_desk_a_decision_may_be_left_to_the_story(stage: Stage) -> None:
    with asked_at_the_desk(stage) as (watching, desk, _, answers):
        desk.act(PressControl(kind="control", user=ADA.id, index=0))
    assert answers == [False]
    assert not watching.is_waiting


def test_who_has_seen_enough_ends_it_wherever_it_is(stage: Stage) -> None:
    stop = threading.Event()
    watching = Watching(stage, stop)
    stop.set()

    with pytest.raises(Stopped):
        watching.lives_through_the_day()
    with pytest.raises(Stopped):
        watching.may("be Ada", lambda: False)


def test_the_desk_stays_open_when_the_story_is_over(stage: Stage) -> None:
    stop = threading.Event()
    watching = Watching(stage, stop)
    stop.set()

    with pytest.raises(Stopped):
        watching.looks_around("the story is over")

    assert watching.banner.endswith("the story is over")


@contextmanager
def asked_at_the_desk(
    stage: Stage,
) -> Iterator[tuple[Watching, Desk, threading.Event, list[bool]]]:
    """Let a story wait in a thread of its own for Ada, until its answer is there."""
    watching, taken = Watching(stage, threading.Event(), day_lasts_s=0), threading.Event()
    answers: list[bool] = []
    with desk_of(stage, watching, port=0) as desk:
        watching.shows_on(desk)
        story = threading.Thread(
            target=lambda: answers.append(watching.may("be Ada", taken.is_set))
        )
        story.start()
        until(lambda: watching.is_waiting)
        yield watching, desk, taken, answers
        story.join(SOON_S)
