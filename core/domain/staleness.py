"""How a model's loss grows with the age of what it learned, and how often that asks for another."""

from typing import ClassVar, Final, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.ids import VersionId
from core.domain.wording import many, number

WORTH_FOR_DAYS: Final = 7
"""A retraining costs as much as the least gain that is worth a promotion, for so many days."""
_MOST_POINTS: Final = 400


class AgePoint(Value):
    """The loss of one version on one partition that it was not shown."""

    version: VersionId
    partition: str
    age_days: int
    """From the newest day that it learned from to the partition."""
    loss: float
    """Mean of its rows, each 0..1."""
    rows: int


class Aged(Value):
    """A point of the curve."""

    age_days: int
    excess: float
    """Loss beyond that of the youngest age that was seen; never falls."""


class Staleness(Record):
    """What is known of how one model ages; its id is the model's name."""

    kind: ClassVar[str] = "staleness"

    points: tuple[AgePoint, ...] = ()
    curve: tuple[Aged, ...] = ()
    """Empty while the versions are too few, or show no decay."""
    per_day: float | None = None
    """By how much the loss grows each day, on average; `None` while versions are too few."""
    is_decay_shown: bool = False
    worth: float = 0.0
    """What one retraining is taken to cost, in loss times days."""
    every_days: int | None = None
    """The cadence that costs least; `None` while no decay is shown."""
    measured_at: AwareDatetime

    def knowing(self, points: tuple[AgePoint, ...]) -> Self:
        """Add what was measured, in place of what was measured of the same before."""
        by_key = {(point.version, point.partition): point for point in (*self.points, *points)}
        kept = sorted(by_key.values(), key=lambda point: (point.partition, point.version))
        return self.model_copy(update={"points": tuple(kept[-_MOST_POINTS:])})

    def sentence(self, now_every: int | None) -> str:
        """Recommend a cadence beside the present one, for the model's card."""
        now = f"now every {many(now_every, 'day')}" if now_every else "now only when asked"
        versions = len({point.version for point in self.points})
        if self.per_day is None:
            return f"too few versions of different ages to say how it ages ({versions}); {now}"
        oldest = max(point.age_days for point in self.points)
        if not self.is_decay_shown or self.every_days is None:
            return f"no decay is shown up to an age of {oldest} days; {now}"
        days = many(self.every_days, "day")
        return (
            f"retrain about every {days}; {now} (the loss grows by {number(self.per_day)} a day; a "
            f"retraining is taken to be worth {number(self.worth / WORTH_FOR_DAYS)} for "
            f"{WORTH_FOR_DAYS} days)"
        )
