"""That the partitions since a training were compared with it, and up to which one."""

from typing import ClassVar

from core.domain.base import Record
from core.domain.ids import VersionId, fact_id


class SkewJudged(Record):
    """The newest comparison of what came since with what one version learned from."""

    kind: ClassVar[str] = "skew_judged"

    version: VersionId
    partition: str
    """The newest that was compared; of the next comparison none is as old."""
    score: float
    """How far they lay, in units of the limit; 0 where nothing could be compared."""

    @classmethod
    def id_of(cls, version: VersionId) -> str:
        """Name the one record of a version."""
        return fact_id("skw", version)
