"""That a partition has not come in time, in words; and that it came after all."""

from datetime import date, datetime
from typing import Final

from pydantic import AwareDatetime

from core.domain.base import Value
from core.domain.habit import Usual
from core.domain.partition import starts_at

RULE: Final = "arrival"
"""What raises the alerts about partitions that are late: one for the oldest that is missing."""


class Lateness(Value):
    """The oldest partition that is missing, and what is known of it."""

    partition: str
    missing: str | None = None
    """What is missing, as a clause; `None` if nothing of it has landed."""
    more: int = 0
    """How many later ones are missing as well."""
    usual: Usual
    within_hours: int | None = None
    """What a person fixed; `None` if the time was learned."""

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        others = f" and {self.more} more" if self.more else ""
        if self.missing is not None:
            later = f",{others} have not come" if others else ""
            what = f"The partition {self.partition} is not complete ({self.missing}){later}"
        else:
            what = f"The partition {self.partition}{others} {'have' if others else 'has'} not come"
        return f"{what}: {self._expected}."

    @property
    def _expected(self) -> str:
        begins = starts_at(self.partition)
        if self.within_hours is not None:
            return f"it has to be complete within {self.within_hours} hours of its start"
        by, latest = begins + self.usual.by, begins + self.usual.latest
        said = f"{latest:%H:%M}" if by.date() == latest.date() else at(latest, self.partition)
        return f"usually complete by {at(by, self.partition)}, at the latest {said}"


def came(partition: str, moment: AwareDatetime) -> str:
    """Say that a partition that was late is there."""
    return f"The partition {partition} came at {at(moment, partition)}."


def at(moment: datetime, partition: str) -> str:
    """Write a time of day, and which day that is as seen from the partition's.

    >>> from datetime import UTC
    >>> at(datetime(2013, 2, 9, 6, 40, tzinfo=UTC), "2013-02-08")
    '06:40 UTC the day after'
    """
    days = (moment.date() - date.fromisoformat(partition)).days
    count = "the day" if abs(days) == 1 else f"{abs(days)} days"
    which = f" {count} {'after' if days > 0 else 'before'}" if days else ""
    return f"{moment:%H:%M} UTC{which}"
