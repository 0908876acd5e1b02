"""How predictions turned out, on mature labels."""

from typing import ClassVar

from core.domain.base import Record, Value


class Quality(Value):
    """How good predictions were on the labelled rows of mature cohorts."""

    partitions: int
    rows: int
    """Those that have a label."""
    brier: float
    accuracy: float
    known_up_to: str
    """The newest partition that counts: nothing is known of what came after it."""


class Realised(Record):
    """How what was served for one model did lately, whichever version it was.

    Its id is the model's name.
    """

    kind: ClassVar[str] = "realised"

    served: Quality

    @property
    def listing(self) -> str:
        """Of all models."""
        return "realised"
