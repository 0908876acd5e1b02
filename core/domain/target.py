"""What a model predicts: one of two, one of several, or a number; and when that is known."""

from typing import Literal, Self

from pydantic import Field, model_validator

from core.domain.base import Value

Task = Literal["binary", "multiclass", "regression"]


class Target(Value):
    """What is predicted."""

    column: str
    """A column of the labels: 0 or 1, the name of a class, or a number."""
    task: Task = "binary"
    classes: tuple[str, ...] = ()
    """Of `multiclass`, all there are: probabilities stand in this order."""
    between: tuple[float, float] | None = None
    """Of `regression`, the smallest and largest value that errors are measured in.

    A squared error counts as a share of the square of this span, a pinball loss as a share of the
    span itself, and as 1 at the most: the gate needs losses that have a limit.
    """
    loss: Literal["squared", "pinball"] = Field(
        default="squared", exclude_if=lambda loss: loss == "squared"
    )
    """Of `regression`, what is predicted well: the mean, or with `pinball` a quantile."""
    quantile: float | None = Field(
        default=None, gt=0, lt=1, exclude_if=lambda quantile: quantile is None
    )
    """Of `loss: pinball`, which one: 0.9 lies above nine of ten truths."""
    unit: str | None = Field(default=None, max_length=20)
    """Of `regression`; `None` where a unit makes no sense."""
    delay_days: int = Field(ge=0, le=365)
    """How many days after its partition a label is expected."""
    mature_share: float = Field(default=0.9, gt=0, le=1)
    """A cohort is mature when this share of its rows has a label, or the delay has passed twice."""

    @model_validator(mode="after")
    def _says_what_its_task_needs(self) -> Self:
        if (self.task == "multiclass") != bool(self.classes):
            raise ValueError("`classes` goes with `task: multiclass`, and only with it")
        if self.classes and (len(self.classes) < 3 or len(set(self.classes)) < len(self.classes)):  # noqa: PLR2004 - of two one is 1
            raise ValueError("`classes` names at least three, each once; of two, predict 0 or 1")
        if (self.task == "regression") != (self.between is not None):
            raise ValueError("`between` goes with `task: regression`, and only with it")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise ValueError("`between` is [smallest, largest]")
        if self.loss == "pinball" and self.task != "regression":
            raise ValueError("`loss: pinball` goes with `task: regression`, and only with it")
        if (self.loss == "pinball") != (self.quantile is not None):
            raise ValueError("`quantile` goes with `loss: pinball`, and only with it")
        if self.unit is not None and self.task != "regression":
            raise ValueError("`unit` goes with `task: regression`, and only with it")
        return self
