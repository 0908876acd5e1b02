"""How good predictions were, in the numbers that people read for the kind of target."""

from core.domain.base import Value


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
