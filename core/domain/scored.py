"""That a partition was scored: by which versions, and where their predictions lie; or why not."""

from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.ids import VersionId, fact_id

Stage = Literal["champion", "canary", "shadow", "fallback"]


class Logged(Value):
    """The predictions of one version for one partition."""

    version: VersionId
    stage: Stage
    rows: int
    mean_score: float | None
    """`None` when the partition has no rows."""
    key: str
    """The object that holds them, written once."""
    late: tuple[str, ...] = ()
    """The objects with those of rows that landed afterwards, each written once."""

    @property
    def keys(self) -> tuple[str, ...]:
        """All objects that hold its predictions."""
        return (self.key, *self.late)

    def joined_by(self, more: Self) -> Self:
        """Add the predictions of rows that landed afterwards; those that are there already stay."""
        if more.key in self.keys:
            return self
        rows = self.rows + more.rows
        total = (self.mean_score or 0.0) * self.rows + (more.mean_score or 0.0) * more.rows
        update = {"rows": rows, "mean_score": total / rows, "late": (*self.late, more.key)}
        return self.model_copy(update=update)


class Scored(Record):
    """One partition of one model that has predictions."""

    kind: ClassVar[str] = "scored"

    model: str
    partition: str
    scored_at: AwareDatetime
    features_hash: str
    """Of the bytes that were scored: a partition that is rewritten keeps what was served."""
    logs: tuple[Logged, ...]
    """What was served comes first."""
    duplicates: int = 0
    """Rows that were left out because an earlier row has the same key."""
    instead_of: VersionId | None = None
    """The champion that was refused, so that an earlier version served; else `None`."""

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Name the one scoring of a partition."""
        return fact_id("scd", model, partition)

    @property
    def listing(self) -> str:
        """All scored partitions of a model."""
        return f"scored:{self.model}"

    @property
    def place(self) -> str:
        """By partition."""
        return self.partition

    @property
    def served(self) -> Logged:
        """The predictions that people got."""
        return self.logs[0]

    def has(self, version: VersionId) -> bool:
        """Say whether a version has predicted this partition."""
        return any(logged.version == version for logged in self.logs)

    def with_shadow(self, logged: Logged) -> Self:
        """Add what a challenger would have said."""
        return self.model_copy(update={"logs": (*self.logs, logged)})

    def with_late(self, more: Logged) -> Self:
        """Add what a version that predicted it says of rows that landed afterwards."""
        same = (more.version, more.stage)
        logs = tuple(
            logged.joined_by(more) if (logged.version, logged.stage) == same else logged
            for logged in self.logs
        )
        return self.model_copy(update={"logs": logs})


class NotScored(Record):
    """Why one partition of one model has no predictions; past once it has been scored."""

    kind: ClassVar[str] = "not_scored"

    model: str
    partition: str
    reason: str
    """A clause: `its data was refused`."""

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Name the one refusal of a partition."""
        return fact_id("nsc", model, partition)

    @classmethod
    def because(cls, reason: str, model: str, partition: str) -> Self:
        """Write down why."""
        return cls(id=cls.id_of(model, partition), model=model, partition=partition, reason=reason)
