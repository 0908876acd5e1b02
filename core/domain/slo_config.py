"""What a team promises about one model's predictions: its SLO."""

from fractions import Fraction
from math import ceil
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from core.domain.base import Value
from core.domain.evaluation_config import Kpi
from core.domain.target import Target
from core.domain.wording import number, with_unit

SloMetric = Literal[
    "accuracy",
    "proper_score",
    "log_loss",
    "mean_absolute_error",
    "root_mean_squared_error",
    "mean_pinball_loss",
    "kpi",
]
_OF_CLASSES: Final[frozenset[SloMetric]] = frozenset({"accuracy", "log_loss"})
_OF_NUMBERS: Final[frozenset[SloMetric]] = frozenset(
    {"mean_absolute_error", "root_mean_squared_error", "mean_pinball_loss"}
)
_SHARES: Final[frozenset[SloMetric]] = frozenset({"accuracy", "proper_score"})
_HIGHER_IS_BETTER: Final[frozenset[SloMetric]] = frozenset({"accuracy"})


class Slo(Value):
    """When a cohort of predictions was good, and which share of the cohorts has to be.

    The error budget is what may be bad: the rest of the cohorts of a window, rounded down. So with
    an objective of 0.9 nothing is known before ten cohorts are mature, of 19 one may be bad, of 28
    two. While none more may be bad, promotions are frozen; rollbacks never are.
    """

    metric: SloMetric
    """Of the labelled rows of a cohort; `proper_score` is the loss that the gate goes by, 0..1;
    `kpi` is the one under `evaluation`, and counts from when labels were first booked with it."""
    at_least: float | None = None
    """A cohort is good that reaches this; of metrics of which more is better."""
    at_most: float | None = None
    """A cohort is good that does not exceed this; of metrics of which less is better."""
    objective: float = Field(default=0.9, ge=0.5, le=0.99)
    """This share of the mature cohorts has to be good."""
    window_days: int = Field(default=28, ge=7, le=365)
    """Of the newest mature cohort and those before it."""
    minimum_rows: int = Field(default=30, ge=1)
    """A cohort with fewer labelled rows is neither good nor bad."""

    @model_validator(mode="after")
    def _has_one_limit(self) -> Self:
        if len(self._limits) != 1:
            raise ValueError("say one limit: `at_least` or `at_most`")
        wants = "at_least" if self.metric in _HIGHER_IS_BETTER else "at_most"
        if self.metric != "kpi" and getattr(self, wants) is None:
            raise ValueError(f"`{self.metric}` has a limit `{wants}`, and no other one")
        if self.metric in _SHARES and not 0 <= self.limit <= 1:
            raise ValueError(f"`{self.metric}` lies between 0 and 1, and so does its limit")
        return self

    @property
    def limit(self) -> float:
        """What the metric of a cohort is compared with; reached counts as good."""
        return self._limits[0]

    @property
    def needed(self) -> int:
        """How many mature cohorts it takes until one of them may be bad."""
        return ceil(1 / self._may_be_bad)

    def allowed(self, cohorts: int) -> int:
        """Say how many of so many cohorts may be bad: the error budget."""
        return int(cohorts * self._may_be_bad)

    def is_good(self, value: float) -> bool:
        """Judge one cohort."""
        return value >= self.limit if self.at_least is not None else value <= self.limit

    def words(self, target: Target, kpi: Kpi | None) -> str:
        """Say what is promised.

        Args:
            target: whose unit errors have.
            kpi: of the same config.
        """
        name, unit = self.metric.replace("_", " "), None
        if self.metric in _OF_NUMBERS:
            unit = target.unit
        elif self.metric == "kpi" and kpi is not None:
            name, unit = kpi.name, kpi.unit
        which = "at least" if self.at_least is not None else "at most"
        is_share = self.metric == "accuracy"
        limit = _percent(self.limit) if is_share else with_unit(number(self.limit), unit)
        on = f"{_percent(self.objective)} of the cohorts of {self.window_days} days"
        return f"{name} {which} {limit} on {on}"

    @property
    def _may_be_bad(self) -> Fraction:
        """As it is written: of 0.9, a tenth and not a little less."""
        return 1 - Fraction(str(self.objective))

    @property
    def _limits(self) -> list[float]:
        return [limit for limit in (self.at_least, self.at_most) if limit is not None]


def _percent(share: float) -> str:
    """Write it with three digits: of a promise that is rounded nobody knows whether it is kept."""
    return f"{number(100 * share)} %"


def slo_misfit(slo: Slo | None, target: Target, kpi: Kpi | None) -> str | None:
    """Say why an SLO does not fit the rest of its config; `None` when it does."""
    if slo is None:
        return None
    if slo.metric == "kpi":
        return _kpi_misfit(slo, kpi)
    is_number = target.task == "regression"
    if slo.metric in (_OF_CLASSES if is_number else _OF_NUMBERS):
        return f"metric: `{slo.metric}` does not go with `task: {target.task}`"
    is_of_quantiles = slo.metric == "mean_pinball_loss"
    if slo.metric in _OF_NUMBERS and is_of_quantiles != (target.loss == "pinball"):
        return f"metric: `{slo.metric}` does not go with `loss: {target.loss}`"
    return None


def _kpi_misfit(slo: Slo, kpi: Kpi | None) -> str | None:
    if kpi is None:
        return "metric: `kpi` needs one under `evaluation`"
    if (kpi.is_better == "higher") != (slo.at_least is not None):
        return f"`{kpi.name}` is better the {kpi.is_better} it is: turn the limit round"
    return None
