"""Who trains a version now, so that nobody else trains the same one beside them."""

from datetime import timedelta
from typing import ClassVar, Final, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.ids import VersionId

_LEASE: Final = timedelta(minutes=16)  # Lambda ends a run after 15


class TrainingClaim(Record):
    """One run that makes one version; its id is that of the version, which names all that goes in.

    It ends when the run ends, or with its lease, should the run have died.
    """

    kind: ClassVar[str] = "training_claim"

    run: str
    """Who holds it; a run that is repeated after a crash has the same name and goes on at once."""
    until: AwareDatetime

    @classmethod
    def of(cls, version: VersionId, run: str, at: AwareDatetime) -> Self:
        """Claim a version for a run."""
        return cls(id=version, run=run, until=at + _LEASE)

    def keeps_out(self, run: str, at: AwareDatetime) -> bool:
        """Say whether another run may not train it now."""
        return self.run != run and at < self.until
