"""A box that somebody waits for: partitions that come, or do not, by the clock."""

import os
from datetime import datetime, timedelta

from core.domain.alert import Alert
from core.domain.lateness import RULE
from core.domain.model_config import ModelConfig
from core.domain.partition import starts_at
from core.domain.timetable import Timetable
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


def came_at_six(days: list[str]) -> Timetable:
    return Timetable.starting("flights", {day: starts_at(day) + AT_SIX for day in days})


def by_marker() -> ModelConfig:
    return a_config(data=a_config().data.model_dump() | {"complete": {"marker": "_SUCCESS"}})


def alert_about(box: Box, day: str) -> Alert:
    alert = box.scene.ports.records.get(Alert, Alert.id_of("flights", day, RULE))
    assert alert is not None
    return alert


NOT_COME = "usually complete by 06:00 UTC the day after, at the latest 07:15."
