"""The days that are replayed: what lands on which day, on the demo's clock."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from core.domain.partition import days_before, starts_at
from core.domain.person import Person
from core.flows.apply_config import apply_config
from infra.local.demo.season import FEBRUARY, LABELS_LAND_AT, Season
from infra.local.demo.stage import Stage
from infra.local.flights import Day, spoil

SPOILED: Final = "2013-02-20"
"""The one day whose data the demo spoils."""
SPOILED_HOW: Final = "this day's error is the demo's own: its distances are in km, not in miles"

_FEATURES_LAND_AT: Final = timedelta(hours=6)
_UNTIL_TRAINED: Final = timedelta(minutes=2)


class Month:
    """Lets the past land in the stage's folder, day by day."""

    def __init__(self, stage: Stage, built: Mapping[str, Day], season: Season = FEBRUARY) -> None:
        self._stage = stage
        self._built = built
        self._season = season

    def learn_the_past(self) -> None:
        """Store the days before the watch, put the config in force, and train the first time."""
        objects = self._stage.ports.objects
        for name in sorted(self._built):
            if name < self._season.first_watched:
                day = self._built[name]
                objects.put(day.features_key, day.features)
                objects.put(day.labels_key, day.labels)
        apply_config(self._season.config, Person.command_line(), self._stage.ports)
        self._stage.clock.sleep(_UNTIL_TRAINED.total_seconds())
        self._stage.step()

    def watched_days(self) -> Iterator[str]:
        """Let yesterday's labels land, then today's flights, and name the day; one after another.

        A day is named when everything that its data started is done.
        """
        for name in sorted(self._built):
            if name >= self._season.first_watched:
                self._labels_of(days_before(name, 1))
                self._flights_of(name)
                yield name

    def _labels_of(self, name: str) -> None:
        self._stage.clock.go_to(starts_at(days_before(name, -1)) + LABELS_LAND_AT)
        day = self._built[name]
        self._stage.ports.objects.put(day.labels_key, day.labels)
        self._stage.step()

    def _flights_of(self, name: str) -> None:
        self._stage.clock.go_to(starts_at(name) + _FEATURES_LAND_AT)
        day = self._built[name]
        features = spoil(day.features) if name == SPOILED else day.features
        self._stage.ports.objects.put(day.features_key, features)
        self._stage.step()
