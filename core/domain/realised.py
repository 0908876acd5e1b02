"""How predictions turned out on mature labels, and how those without labels probably do."""

from typing import ClassVar, Self

from pydantic import Field

from core.domain.base import Record
from core.domain.foretold import Foretold
from core.domain.quality import Quality
from core.domain.slo import SloStanding


class Realised(Record):
    """How what was served for one model did lately, whichever version it was.

    Its id is the model's name.
    """

    kind: ClassVar[str] = "realised"

    served: Quality
    slo: SloStanding | None = None
    """Of the SLO that was in force when labels were last booked; `None` without one."""
    foretold: Foretold | None = Field(default=None, exclude_if=lambda foretold: foretold is None)
    """Of the partitions whose labels are not all there; `None` while nothing can be said."""

    @property
    def listing(self) -> str:
        """Of all models."""
        return "realised"

    def foretelling(self, foretold: Foretold | None) -> Self:
        """Say how what is not labelled yet probably does."""
        return self.model_copy(update={"foretold": foretold})
