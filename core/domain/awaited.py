"""A partition that has begun to land and is not complete."""

from datetime import datetime, timedelta
from typing import ClassVar, Final, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.ids import fact_id

_FORGOTTEN_AFTER: Final = timedelta(days=60)
_EAGER_FOR: Final = timedelta(minutes=15)
_THEN_EACH_MINUTES: Final = 15


class Awaited(Record):
    """That the rest of a partition is waited for; kept for a while after it came."""

    kind: ClassVar[str] = "awaited"

    model: str
    partition: str
    missing: str | None
    """What is missing, as a clause: `_SUCCESS` is missing. `None` once it is complete."""
    due_at: AwareDatetime | None = None
    """When to look again by the clock; `None` where an object is waited for."""
    changed_at: AwareDatetime

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Say which record is about this partition."""
        return fact_id("awt", model, partition)

    @property
    def listing(self) -> str | None:
        """All that wait, of all models."""
        return None if self.missing is None else "awaited"

    @property
    def place(self) -> str:
        """By model, then by partition."""
        return f"{self.model} {self.partition}"

    @property
    def expires_at_s(self) -> int:
        """Whoever waits longer than two months waits for nothing."""
        return int((self.changed_at + _FORGOTTEN_AFTER).timestamp())

    def waiting(self, missing: str | None, due_at: datetime | None, now: datetime) -> Self:
        """Say anew what is missing; a time to look again that is still to come stands.

        So the many objects of a partition that waits to be quiet change this record once.
        """
        is_to_come = due_at and self.missing and self.due_at and self.due_at > now
        due_at = self.due_at if is_to_come else due_at
        if (missing, due_at) == (self.missing, self.due_at):
            return self
        return self.model_copy(update={"missing": missing, "due_at": due_at, "changed_at": now})

    def is_due(self, now: datetime) -> bool:
        """Say whether it is time to look again: each minute, and each quarter if that goes on."""
        if self.due_at is None or now < self.due_at:
            return False
        return now - self.due_at < _EAGER_FOR or now.minute % _THEN_EACH_MINUTES == 0
