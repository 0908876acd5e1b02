"""Whether a version's predictions come out the same on the path by which it was trained."""

from typing import ClassVar

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.ids import VersionId, fact_id
from core.domain.stage_refusals import PathsDiffer


class Parity(Record):
    """One version's first scored partition, replayed through the path of training."""

    kind: ClassVar[str] = "parity"

    model: str
    version: VersionId
    partition: str
    rows: int
    """How many were compared."""
    differing: int
    """Those with another feature or another prediction."""
    columns: tuple[str, ...] = ()
    """The features that differ somewhere."""
    replayed_at: AwareDatetime

    @classmethod
    def id_of(cls, model: str, version: VersionId) -> str:
        """Name the one replay of a version."""
        return fact_id("par", model, version)

    @property
    def listing(self) -> str:
        """All replays of a model's versions."""
        return f"parities:{self.model}"

    @property
    def place(self) -> str:
        """By partition, then by version."""
        return f"{self.partition} {self.version}"

    @property
    def is_same(self) -> bool:
        """Whether both paths give the same."""
        return self.differing == 0

    @property
    def sentence(self) -> str:
        """Say what was found."""
        if self.is_same:
            return f"all {self.rows:,} rows of {self.partition} come out as in training."
        named = ", ".join(f"`{name}`" for name in self.columns)
        where = f", {named} differ" if named else ", though its features are the same"
        return (
            f"{self.differing:,} of {self.rows:,} rows of {self.partition} come out otherwise when "
            f"they are read as a training reads them{where}."
        )

    def require_same(self) -> None:
        """Let a version pass whose paths agree.

        Raises:
            PathsDiffer: they do not.
        """
        if not self.is_same:
            raise PathsDiffer(self.version, self.sentence)
