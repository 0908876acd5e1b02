"""The append-only list of what happened: who, when, what, from, to."""

from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.ids import fact_id
from core.domain.person import Person


class Line(Record):
    """One thing that happened to a subject: an alert, an incident, a model."""

    kind: ClassVar[str] = "line"

    subject: str
    """The id of the record it happened to."""
    at: AwareDatetime
    number: int
    """The revision of the subject that it happened to: orders what happened at one moment."""
    who: str
    what: str
    """A finished clause in the past tense: `acknowledged`, `set the priority to P1`."""
    to: str | None = None
    """Whom Slack tells of it, a Slack id; `None` for those only who follow the thread."""

    @classmethod
    def of(cls, subject: Record, by: Person, what: str, at: AwareDatetime) -> Self:
        """Write down what happened to this revision of the subject; a retry writes the same."""
        return cls(
            id=fact_id("lin", subject.kind, subject.id, subject.revision, what),
            subject=subject.id,
            at=at,
            number=subject.revision,
            who=by.mention,
            what=what,
        )

    def mentioning(self, person: str) -> Self:
        """Tell somebody of it."""
        return self.model_copy(update={"to": person})

    @property
    def listing(self) -> str:
        """The timeline of its subject."""
        return f"timeline:{self.subject}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.at.isoformat()} {self.number:06d} {self.id}"
