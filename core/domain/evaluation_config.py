"""How versions are judged: the decision metric, slices, pinned days, the number of the business."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from core.domain.base import Value
from core.domain.kpi import COUNTS, kpi_misfit
from core.domain.partition import PartitionName
from core.domain.target import Target
from core.domain.where import Where

Name = Annotated[str, Field(pattern=r"^[A-Za-z][\w .-]{0,39}$")]
DecisionMetric = Literal[
    "accuracy",
    "balanced_accuracy",
    "f1",
    "precision",
    "recall",
    "mean_absolute_error",
    "mean_pinball_loss",
]
_OF_NUMBERS: Final[dict[str, DecisionMetric]] = {
    "squared": "mean_absolute_error",
    "pinball": "mean_pinball_loss",
}
"""By the loss of the target."""


class Slice(Value):
    """A part of the rows that is looked at by itself."""

    name: Name
    where: Where
    is_protected: bool = False
    """A version that is worse here, by more than the margin, is not promoted."""


class Scenario(Value):
    """Partitions that stay in the validation set for good, and are never learned from.

    A version is judged on those that neither it nor the champion learned from before they were
    pinned.
    """

    name: Name
    partitions: tuple[PartitionName, ...] = Field(min_length=1, max_length=100)


class Kpi(Value):
    """What the predictions are worth to the business."""

    name: Name
    expression: str = Field(max_length=300)
    """Arithmetic with what the evaluator counts: `12 * true_positives - 3 * false_positives`.

    Numbers, `+ - * / ( )`, and these names. Always: rows, partitions. Binary: true_positives,
    false_positives, true_negatives, false_negatives, predicted_ones, actual_ones, sum_score,
    mean_score. Multiclass: correct, wrong. Regression, an error being the prediction less the
    truth: sum_error, mean_error, sum_absolute_error, mean_absolute_error, sum_too_high,
    sum_too_low, sum_predicted, sum_true.
    """
    unit: str | None = Field(default=None, max_length=20)
    is_better: Literal["higher", "lower"] = "higher"


class EvaluationConfig(Value):
    """How versions are judged."""

    metric: DecisionMetric | None = None
    """Of the decision that is served; `None`: accuracy, or the mean absolute error or pinball loss.

    Of several classes, all but accuracy are means over the classes.
    """
    cut: float = Field(default=0.5, gt=0, lt=1)
    """Of a binary target: a score above this counts as a 1."""
    minimum_rows: int = Field(default=100, ge=10)
    """A label or a slice with fewer rows is not judged."""
    slices: tuple[Slice, ...] = Field(default=(), max_length=50)
    scenarios: tuple[Scenario, ...] = Field(default=(), max_length=50)
    kpi: Kpi | None = None

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        for what, of in (("slices", self.slices), ("scenarios", self.scenarios)):
            names = [one.name for one in of]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise ValueError(f"{what}: `{twice}` stands there twice")
        return self

    @property
    def pinned(self) -> frozenset[str]:
        """The partitions of all scenarios."""
        return frozenset(name for scenario in self.scenarios for name in scenario.partitions)

    def decision(self, target: Target) -> DecisionMetric:
        """Say by which metric the decision that is served is judged."""
        is_number = target.task == "regression"
        return self.metric or (_OF_NUMBERS[target.loss] if is_number else "accuracy")


def evaluation_misfit(
    evaluation: EvaluationConfig, target: Target, kinds: Mapping[str, str]
) -> str | None:
    """Say where the section does not fit the rest of its config; `None` when it does.

    Args:
        evaluation: the section.
        target: what is predicted.
        kinds: `number` or `category`, by column.
    """
    metric, is_number = evaluation.decision(target), target.task == "regression"
    if (metric in _OF_NUMBERS.values()) != is_number:
        return f"metric: `{metric}` does not go with `task: {target.task}`"
    if is_number and metric != _OF_NUMBERS[target.loss]:
        return f"metric: `{metric}` does not go with `loss: {target.loss}`"
    for one in evaluation.slices:
        for condition in one.where:
            kind = kinds.get(condition.column)
            if kind is None:
                return f"slices: `{one.name}`: there is no column `{condition.column}`"
            if condition.one_of is None and kind != "number":
                return f"slices: `{one.name}`: `{condition.column}` is no number, so use `one_of`"
    if evaluation.kpi is not None:
        wrong = kpi_misfit(evaluation.kpi.expression, COUNTS[target.task])
        if wrong is not None:
            return f"kpi.expression: {wrong}"
    return None
