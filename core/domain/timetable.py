"""When a model's partitions came, and which late ones people were told of."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.habit import Habit


class Timetable(Record):
    """The newest partitions of one model that were complete; its id is the model's name."""

    kind: ClassVar[str] = "timetable"
    MOST: ClassVar[int] = 35
    """So many partitions are kept: five weeks of days."""

    came: dict[str, AwareDatetime]
    """By partition, when it was complete for the first time; rewriting changes nothing."""
    settled: str
    """Nobody is told of this partition any more, nor of an earlier one."""
    told: tuple[str, ...] = ()
    """The late partitions that the alert about the first of them speaks of."""

    @property
    def listing(self) -> str:
        """Those of all models."""
        return "timetables"

    @classmethod
    def starting(cls, model: str, came: dict[str, datetime]) -> Self:
        """Begin to watch a model; what is missing already is nobody's news.

        Args:
            model: its name.
            came: at least one partition, and when it was complete.
        """
        kept = {name: came[name] for name in sorted(came)[-cls.MOST :]}
        return cls(id=model, came=kept, settled=max(came))

    def with_more(self, came: dict[str, datetime]) -> Self:
        """Take in partitions; what is known of one already stays."""
        known = {**came, **self.came}
        return self.model_copy(update={"came": {n: known[n] for n in sorted(known)[-self.MOST :]}})

    def arrived(self, partition: str, at: datetime) -> Self:
        """Take in a partition that is complete.

        When it is the one that people wait for, or a newer one than all that are missing, then
        what is late after it is another story, with an alert of its own.
        """
        table = self.with_more({partition: at})
        if self.told and partition > self.told[-1]:
            return table.settling(self.told[0])
        if self.told and partition == self.told[0]:
            return table.model_copy(update={"told": ()})
        return table

    def telling(self, late: list[str]) -> Self:
        """Remember of which partitions people are told."""
        return self.model_copy(update={"told": tuple(late)})

    def settling(self, partition: str) -> Self:
        """Leave this partition, and all that was told with it, to the people who were told."""
        settled = max(self.settled, partition, *self.told)
        return self.model_copy(update={"settled": settled, "told": ()})

    def late(self, now: datetime, within_hours: int | None) -> list[str]:
        """Name the partitions that are late, oldest first.

        Args:
            now: what time it is.
            within_hours: so long after its start each is late; `None` for what was learned.
        """
        within = None if within_hours is None else timedelta(hours=within_hours)
        return Habit.of(self.came).late(self.settled, now, within)
