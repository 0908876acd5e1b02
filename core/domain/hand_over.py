"""A hand-over: what the person who was on call leaves to the next one."""

from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.ids import fact_id


class HandOver(Record):
    """The report of one shift, made when it ends; one for each model and shift."""

    kind: ClassVar[str] = "hand_over"

    model: str
    channel: str
    from_person: str
    to_person: str
    begins_at: AwareDatetime
    """When the shift began that is over, and ended the one that follows it."""
    ends_at: AwareDatetime
    still_open: tuple[str, ...]
    """A headline for each open alert, most urgent first."""
    closed: tuple[str, ...]
    """A line for each alert of the shift that was resolved, and as what."""
    ignored: tuple[str, ...]
    """A headline for each alert of the shift that was ignored (`core.domain.ledger`)."""
    not_posted: int
    """Open alerts that stand in the queue alone, since their rule is quiet."""
    unfinished: tuple[str, ...]
    """A line for each incident of which nobody has said what becomes of the data."""
    slo: str | None
    """How the SLO stands; `None` where none is promised."""

    @classmethod
    def id_of(cls, model: str, ends_at: AwareDatetime) -> str:
        """Name the one report of a shift."""
        return fact_id("hov", model, ends_at.isoformat())

    @property
    def listing(self) -> str:
        """All hand-overs of a model."""
        return f"hand_overs:{self.model}"

    @property
    def place(self) -> str:
        """By time."""
        return self.ends_at.isoformat()

    def told_in(self, channel: str) -> Self:
        """Tell of it in another channel from now on."""
        return self.model_copy(update={"channel": channel})
