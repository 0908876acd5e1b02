"""That a partition was checked, what its bytes were then, and what was said of it."""

from collections.abc import Mapping
from typing import ClassVar, Final, Self

from pydantic import AwareDatetime, Field

from core.domain.alert import Disposition
from core.domain.base import Record
from core.domain.ids import content_hash, fact_id
from core.domain.origin import Movement
from core.domain.person import Person
from core.domain.verdict import ErrorClass, Verdict

RULE: Final = "partition"
"""What raises the alerts of checks: one for each model and partition."""


class PartitionCheck(Record):
    """The check of one partition; there is one, replaced when the partition is rewritten."""

    kind: ClassVar[str] = "partition_check"

    model: str
    partition: str
    fingerprint: str
    """Of the objects that were checked: other bytes, other fingerprint."""
    rows: int
    unwatched: Mapping[str, str] = Field(default_factory=dict)
    """Columns of the data that the config does not name, the first hundred; what each holds."""
    verdict: Verdict
    movement: Movement | None = None
    """How it came to differ; `None` where nothing does, or too little history is there to tell."""
    reference_key: str | None
    """What it was compared with; `None` while nothing was learned."""
    checked_at: AwareDatetime
    is_of_past: bool = False
    """A backfill or a learning judged it: nobody was told, and there is no alert to resolve."""
    disposition: Disposition | None = None
    """What a person called an error of the past; `None` for others, and while nobody did."""
    resolved_by: str | None = None

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Say which record is about this partition."""
        return fact_id("chk", model, partition)

    @property
    def listing(self) -> str:
        """All checks of a model."""
        return f"checks:{self.model}"

    @property
    def place(self) -> str:
        """By partition."""
        return self.partition

    @property
    def is_error_of_past(self) -> bool:
        """Whether it was found in the past, and nothing is learned from it unless a person says."""
        return self.is_of_past and self.verdict.error_class in {ErrorClass.HARD, ErrorClass.SOFT}

    def told_with(self, other: Self | None) -> Self:
        """Tell of a partition and of what was predicted for it in one breath: for one alert.

        What is not broken says nothing, so that it does not change what was told before.
        """
        if other is None or not other.verdict.is_broken:
            return self
        both = content_hash(f"{self.fingerprint} {other.fingerprint}".encode())
        fingerprint = both if self.verdict.is_broken else other.fingerprint
        verdict = self.verdict.joined(other.verdict)
        return self.model_copy(update={"verdict": verdict, "fingerprint": fingerprint})

    def replacing(self, earlier: Self) -> Self:
        """Take the place of an earlier check; what a person said of the same data stays said."""
        update: dict[str, object] = {"revision": earlier.revision}
        if earlier.fingerprint == self.fingerprint:
            update |= {"disposition": earlier.disposition, "resolved_by": earlier.resolved_by}
        return self.model_copy(update=update)

    def resolved_as(self, disposition: Disposition, by: Person) -> Self:
        """Say what an error of the past was, as an alert is resolved."""
        return self.model_copy(update={"disposition": disposition, "resolved_by": by.id})


class PredictionsCheck(PartitionCheck):
    """The check of what was predicted for one partition; its fingerprint is of the predictions."""

    kind: ClassVar[str] = "predictions_check"
