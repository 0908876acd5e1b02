"""The rows that versions are judged on, named by their content, so that all see the same ones."""

from core.domain.base import Value
from core.domain.ids import content_hash
from core.domain.version import UsedPartition


class Pinned(Value):
    """The partitions of one scenario, as they were."""

    name: str
    partitions: tuple[UsedPartition, ...]


class FiledRow(Value):
    """One filed failure, and what is right."""

    key: str
    truth: float
    """0 or 1, the place of the class, or the number."""


class FiledRows(Value):
    """The filed failures of one partition, as it was."""

    partition: str
    features_hash: str
    rows: tuple[FiledRow, ...]
    """By key."""


class FrozenSet(Value):
    """Everything that has to be read again to judge on the very same rows."""

    newest: tuple[UsedPartition, ...]
    """Oldest first."""
    scenarios: tuple[Pinned, ...] = ()
    failures: tuple[FiledRows, ...] = ()
    """By partition; what people said of a row counts in its partition above as well."""

    @property
    def hash(self) -> str:
        """Name the rows by their content."""
        return content_hash(self.model_dump_json().encode())

    @classmethod
    def key_of(cls, model: str, name: str) -> str:
        """Say where a frozen set is kept, by its hash."""
        return f"validation/{model}/{name}.json"
