"""What a model is checked against now, and what was checked last."""

from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record


class Watch(Record):
    """The reference in force of one model; its id is the model's name."""

    kind: ClassVar[str] = "watch"

    reference_key: str | None = None
    """The object that holds the reference; `None` before the first training."""
    learned_at: AwareDatetime | None = None
    last_partition: str | None = None
    """The newest partition that was ever checked; `None` before the first check."""
    last_checked_at: AwareDatetime | None = None

    @property
    def listing(self) -> str:
        """All models that were ever checked or learned."""
        return "watches"

    def learned(self, reference_key: str, at: AwareDatetime) -> Self:
        """Put another reference in force."""
        return self.model_copy(update={"reference_key": reference_key, "learned_at": at})

    def grown(self, reference_key: str) -> Self:
        """Let the reference take in partitions; it was not learned anew."""
        return self.model_copy(update={"reference_key": reference_key})

    def checked(self, partition: str, at: AwareDatetime) -> Self:
        """Note that a partition was checked; one that is older than the newest changes the time."""
        newest = max(partition, self.last_partition or partition)
        return self.model_copy(update={"last_partition": newest, "last_checked_at": at})


class PredictionsWatch(Watch):
    """The reference in force for what is predicted for one model."""

    kind: ClassVar[str] = "predictions_watch"
