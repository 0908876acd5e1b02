"""How versions are judged: the decision metric, slices, pinned days, the number of the business."""

from typing import Annotated, Literal

from pydantic import Field

from core.domain.base import Value
from core.domain.partition import PartitionName
from core.domain.where import Where

Name = Annotated[str, Field(pattern=r"^[A-Za-z][\w .-]{0,39}$")]
DecisionMetric = Literal[
    "accuracy", "balanced_accuracy", "f1", "precision", "recall", "mean_absolute_error"
]


class Slice(Value):
    """A part of the rows that is looked at by itself."""

    name: Name
    where: Where
    is_protected: bool = False
    """A version that is worse here, by more than the margin, is not promoted."""


class Scenario(Value):
    """Partitions that stay in the validation set for good, and are never learned from."""

    name: Name
    partitions: tuple[PartitionName, ...] = Field(min_length=1, max_length=100)


class Kpi(Value):
    """What the predictions are worth to the business."""

    name: Name
    expression: str = Field(max_length=300)
    """Arithmetic with what the evaluator counts: `12 * true_positives - 3 * false_positives`."""
    unit: str | None = Field(default=None, max_length=20)
    is_better: Literal["higher", "lower"] = "higher"


class EvaluationConfig(Value):
    """How versions are judged."""

    metric: DecisionMetric | None = None
    """Of the decision that is served; `None`: accuracy, or the mean absolute error."""
    cut: float = Field(default=0.5, gt=0, lt=1)
    """Of a binary target: a score above this counts as a 1."""
    minimum_rows: int = Field(default=100, ge=10)
    """A label or a slice with fewer rows is not judged."""
    slices: tuple[Slice, ...] = Field(default=(), max_length=50)
    scenarios: tuple[Scenario, ...] = Field(default=(), max_length=50)
    kpi: Kpi | None = None
