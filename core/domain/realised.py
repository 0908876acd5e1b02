"""How predictions turned out, on mature labels."""

from typing import ClassVar

from core.domain.base import Record, Value
from core.domain.slo import SloStanding


class Quality(Value):
    """How good predictions were on the labelled rows of mature cohorts."""

    partitions: int
    rows: int
    """Those that have a label."""
    brier: float | None = None
    """This and the accuracy are `None` of a model that predicts a number."""
    accuracy: float | None = None
    mean_absolute_error: float | None = None
    """In `unit`; this and what follows are `None` of a model that predicts classes."""
    root_mean_squared_error: float | None = None
    mean_pinball_loss: float | None = None
    """Of a model that predicts a quantile, which has no other errors; else `None`."""
    unit: str | None = None
    known_up_to: str
    """The newest partition that counts: nothing is known of what came after it."""


class Realised(Record):
    """How what was served for one model did lately, whichever version it was.

    Its id is the model's name.
    """

    kind: ClassVar[str] = "realised"

    served: Quality
    slo: SloStanding | None = None
    """Of the SLO that was in force when labels were last booked; `None` without one."""

    @property
    def listing(self) -> str:
        """Of all models."""
        return "realised"
