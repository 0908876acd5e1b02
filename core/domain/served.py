"""One line of what served when: the history of a model's pointer, which only grows."""

from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.ids import VersionId, fact_id
from core.domain.person import Person
from core.domain.serving import Serving


class Served(Record):
    """One line of the answer to: which version served when?"""

    kind: ClassVar[str] = "served"

    model: str
    version: VersionId
    since: AwareDatetime
    by: str
    how: str
    """`first version`, `promoted`, `promoted as an exception`, `rolled back`."""

    @classmethod
    def since_now(cls, serving: Serving, by: Person, how: str, at: AwareDatetime) -> Self:
        """Write down that the champion of this revision of the pointer serves from now on."""
        if serving.champion is None:
            raise ValueError("nothing serves")
        return cls(
            id=fact_id("srv", serving.id, serving.revision),
            model=serving.id,
            version=serving.champion,
            since=at,
            by=by.id,
            how=how,
        )

    @property
    def listing(self) -> str:
        """Everything that ever served for the model."""
        return f"served:{self.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.since.isoformat()} {self.id}"
