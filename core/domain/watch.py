"""What a model is checked against now, and what was checked last."""

from collections.abc import Iterable
from typing import ClassVar, Final, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.ids import VersionId

_MOST_OTHERS: Final = 2000  # a record has its limits


class Watch(Record):
    """The reference in force of one model; its id is the model's name."""

    kind: ClassVar[str] = "watch"

    reference_key: str | None = None
    """The object that holds the reference; `None` before the first training."""
    learned_at: AwareDatetime | None = None
    last_partition: str | None = None
    """The newest partition that was ever checked; `None` before the first check."""
    last_checked_at: AwareDatetime | None = None
    others: tuple[str, ...] | None = None
    """Columns that the config does not name and trusted partitions had; `None` if unknown."""

    @property
    def listing(self) -> str:
        """All models that were ever checked or learned."""
        return "watches"

    @property
    def known_others(self) -> frozenset[str] | None:
        """The same as a set; `None` too where there are more than are kept."""
        is_whole = self.others is not None and len(self.others) < _MOST_OTHERS
        return frozenset(self.others or ()) if is_whole else None

    def learned(self, reference_key: str, at: AwareDatetime) -> Self:
        """Put another reference in force."""
        return self.model_copy(update={"reference_key": reference_key, "learned_at": at})

    def knowing(self, others: Iterable[str]) -> Self:
        """Note columns that the config does not name and a trusted partition had."""
        known = {*(self.others or ()), *others}
        return self.model_copy(update={"others": tuple(sorted(known)[:_MOST_OTHERS])})

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

    version: VersionId | None = None
    """Whose predictions were learned; `None` where another system makes them."""

    def learned_of(self, version: VersionId | None, reference_key: str, at: AwareDatetime) -> Self:
        """Put another reference in force, learned from what this version predicted."""
        return self.learned(reference_key, at).model_copy(update={"version": version})
