"""How a challenger earns its way: stages, error rates, margins."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from core.domain.base import Value

Share = Annotated[float, Field(gt=0, le=0.5)]


class Stages(Value):
    """How a challenger earns its way from shadow to canary to champion.

    Losses are between 0 and 1 for each row: Brier score, squared error as a share of that of the
    span, or pinball loss as a share of the span.
    """

    canary_shares: tuple[Share, ...] = Field(default=(), max_length=5)
    """Which shares of the entities it serves, one after the other, rising.

    Empty: it stands for promotion straight from shadow.
    """
    alpha: float = Field(default=0.05, ge=0.001, le=0.2)
    """How often at most each of the gate's claims may be wrong."""
    margin: float = Field(default=0.002, gt=0, lt=1)
    """A challenger whose loss is higher by less than this counts as no worse: a refresh."""
    least_gain: float = Field(default=0.001, gt=0, lt=1)
    """A challenger that cannot gain this much is not worth a promotion."""
    decision_margin: float = Field(default=0.01, gt=0, lt=1)
    """The decision metric, and each protected slice, may be worse by less than this."""
    has_feedback_loop: bool = False
    """What is served changes what happens: only a random canary tells, never a shadow."""
    held_back: Share = 0.05
    """In a feedback loop: which share of the entities the last champion serves while it guards."""
    rolls_back_by_itself: bool = False
    """A breach after a promotion rolls back at once; else it is an alert with a button."""

    @property
    def share_of_guard(self) -> float:
        """Which share of the entities the last champion serves after a promotion; mostly none."""
        return self.held_back if self.has_feedback_loop else 0.0

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if any(next_one <= share for share, next_one in pairwise(self.canary_shares)):
            raise ValueError("canary_shares: each has to be larger than the one before")
        if self.has_feedback_loop and not self.canary_shares:
            raise ValueError("has_feedback_loop: only a canary tells, so give canary_shares")
        return self
