"""The requests of rows that belong to one partition, once they were gathered out of the log."""

from typing import ClassVar, Self

from core.domain.base import Record
from core.domain.ids import VersionId, fact_id
from core.domain.scored import Logged, Stage


def requests_prefix(model: str, partition: str) -> str:
    """Say where each answer of a request lies that is about rows of a partition."""
    return f"predictions/{model}/requests/dt={partition}/"


class Requested(Record):
    """What was answered to requests about the rows of one partition: each row once.

    Of a row that was asked for again, or that was scored with its partition before, what people got
    first counts. What a version says that has learned from the partition counts nowhere.
    """

    kind: ClassVar[str] = "requested"

    model: str
    partition: str
    basis: str
    """Names the answers that were gathered, and what had been scored by then."""
    logs: tuple[Logged, ...]
    """Each version in each stage; what was served comes first."""
    repeated: int = 0
    """Answers that count nowhere, since people had got one for the row before."""
    hindsight: int = 0
    """Answers that count nowhere, since who gave them had learned from the partition."""

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Name the one gathering of a partition."""
        return fact_id("req", model, partition)

    @property
    def listing(self) -> str:
        """All partitions of a model that were asked about."""
        return f"requested:{self.model}"

    @property
    def place(self) -> str:
        """By partition."""
        return self.partition

    @property
    def part(self) -> str:
        """Name the objects of the log that hold its rows."""
        return f"requests-{self.basis}"

    @property
    def beside(self) -> str:
        """Name the objects with what a champion says of the rows that its canary served."""
        return f"{self.part}-beside"

    @property
    def served(self) -> tuple[Logged, ...]:
        """What people got; what a champion says of a canary's rows is none of it."""
        return tuple(
            logged.model_copy(update={"late": ()})
            for logged in self.logs
            if logged.stage != "shadow" and self.beside not in logged.key
        )

    def log_of(self, version: VersionId, stage: Stage) -> Logged | None:
        """Find what a version said in a stage; `None` if it was not asked."""
        for logged in self.logs:
            if (logged.version, logged.stage) == (version, stage):
                return logged
        return None

    def awaits(self, versions: tuple[VersionId, ...]) -> bool:
        """Say whether one of these versions, in shadow, was not asked about its rows."""
        return any(self.log_of(version, "shadow") is None for version in versions)

    @property
    def awaits_champion(self) -> bool:
        """Say whether a canary served rows of which nobody knows what its champion says."""
        is_canarys = any(logged.stage == "canary" for logged in self.logs)
        known = (key for logged in self.logs for key in logged.keys)
        return is_canarys and not any(self.beside in key for key in known)

    def with_log(self, more: Logged) -> Self:
        """Add what a version says of rows that were served."""
        known = self.log_of(more.version, more.stage)
        if known is None:
            return self.model_copy(update={"logs": (*self.logs, more)})
        logs = tuple(one.joined_by(more) if one is known else one for one in self.logs)
        return self.model_copy(update={"logs": logs})
