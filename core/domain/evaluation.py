"""What one evaluator found of one version, and of the champion, on one frozen set of rows."""

from typing import Any, ClassVar, Final, Literal

from pydantic import AwareDatetime, Field

from core.domain.base import Record, Value
from core.domain.days import Days
from core.domain.ids import VersionId, fact_id
from core.domain.version import UsedPartition
from core.domain.where import Where, in_words

MetricName = Literal[
    "brier",
    "log_loss",
    "squared_error",
    "pinball_loss",
    "accuracy",
    "balanced_accuracy",
    "f1",
    "precision",
    "recall",
    "mean_absolute_error",
    "root_mean_squared_error",
    "mean_pinball_loss",
    "roc_auc",
]
TITLES: Final[dict[MetricName, str]] = {
    "brier": "Brier score",
    "log_loss": "Log loss",
    "squared_error": "Squared error",
    "pinball_loss": "Pinball loss as a share of the span",
    "accuracy": "Accuracy",
    "balanced_accuracy": "Balanced accuracy",
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "mean_absolute_error": "Mean absolute error",
    "root_mean_squared_error": "Root mean squared error",
    "mean_pinball_loss": "Mean pinball loss",
    "roc_auc": "ROC AUC",
}
HIGHER_IS_BETTER: Final[frozenset[MetricName]] = frozenset(
    {"accuracy", "balanced_accuracy", "f1", "precision", "recall", "roc_auc"}
)
PartKind = Literal["label", "slice", "scenario", "failures"]
Standing = Literal["no worse", "worse", "not known"]


class Estimate(Value):
    """A number as the rows show it, with the 95 % interval of what it is behind them."""

    middle: float
    low: float | None = None
    """This and `high` are `None` where the rows are too few to say."""
    high: float | None = None


class Metric(Value):
    """One measure of the version, and of the champion on the very same rows."""

    name: MetricName
    version: Estimate
    champion: Estimate | None = None
    """`None` where nothing was compared."""
    gain: Estimate | None = None
    """Of the paired difference; > 0: the version is better, whichever way the metric counts."""

    @property
    def title(self) -> str:
        """Name it for people."""
        return TITLES[self.name]


class Part(Value):
    """Some of the rows by themselves."""

    kind: PartKind
    name: str
    rows: int
    is_protected: bool = False
    metrics: tuple[Metric, ...] = ()
    """The loss, then the decision metric; empty when the rows are too few to be judged."""

    @property
    def gain(self) -> Estimate | None:
        """How much less the version loses here; `None` when that was not judged."""
        return self.metrics[0].gain if self.metrics else None


class KpiFound(Value):
    """The number of the business."""

    name: str
    unit: str | None
    version: Estimate | None
    """`None` when it has no value on these rows: `trouble` says why."""
    champion: Estimate | None = None
    gain: Estimate | None = None
    """> 0: the version is better."""
    trouble: str | None = None


class Bin(Value):
    """Rows whose predictions are alike."""

    rows: int
    said: float
    """Mean prediction."""
    was: float
    """Mean of what was true."""


class Calibration(Value):
    """Whether what is said comes true so often, or so high, as is said."""

    error: Estimate
    """Mean distance between what was said and what was true, over the bins."""
    part_of_loss: Estimate | None = None
    """How much of the loss would go if the bins were set right, by chance below 0; `None` of a
    quantile, whose loss does not split like that."""
    bins: tuple[Bin, ...]


class ProposedSlice(Value):
    """A part of the rows where the version loses more, which nobody has named yet."""

    where: Where
    rows: int
    loss: float
    elsewhere: float
    """The loss of all other rows."""
    excess: Estimate
    """The difference; its interval holds for all slices that were looked at, at the same time."""

    @property
    def name(self) -> str:
        """Say which rows are meant."""
        return in_words(self.where)


class Standard(Value):
    """Something that the version must not be worse at, by the margin."""

    name: str
    gain: Estimate | None
    """`None` when it could not be judged."""
    margin: float

    @property
    def standing(self) -> Standing:
        """Say what the interval shows; a limit that is exactly reached shows nothing."""
        if self.gain is None or self.gain.low is None or self.gain.high is None:
            return "not known"
        if self.gain.low > -self.margin:
            return "no worse"
        return "worse" if self.gain.high < -self.margin else "not known"


def _with_intervals(stored: dict[str, Any]) -> dict[str, Any]:
    """Read an evaluation of schema 1: of two classes, its only interval that of the gain."""
    kept = ("id", "revision", "model", "version", "evaluator_hash", "validation", "made_at")
    ours, theirs, gain = (
        stored["metrics"],
        stored.get("champion_metrics"),
        stored.get("brier_gain"),
    )
    names = ("brier", "log_loss", "accuracy", "roc_auc")
    metrics = [
        {
            "name": name,
            "version": {"middle": ours[name]},
            "champion": {"middle": theirs[name]} if theirs else None,
            "gain": gain if name == "brier" else None,
        }
        for name in names
        if ours[name] is not None and not (theirs and theirs[name] is None)
    ]
    return {name: stored[name] for name in kept if name in stored} | {
        "champion": stored.get("champion"),
        "validation_set": "",
        "rows": ours["rows"],
        "metrics": metrics,
    }


class Judgement(Value):
    """What is said of a version on some rows, and of the champion on the very same ones."""

    rows: int
    """Those of the newest partitions: what is said of the whole is said of them."""
    metrics: tuple[Metric, ...]
    """The loss that the gate goes by comes first."""
    parts: tuple[Part, ...] = ()
    kpi: KpiFound | None = None
    """`None` where the config names none."""
    calibration: Calibration | None = None
    champion_calibration: Calibration | None = None
    proposed: tuple[ProposedSlice, ...] = ()
    standards: tuple[Standard, ...] = ()
    """The decision metric and each protected slice; empty without a champion."""
    days: Days = Field(default_factory=Days)
    """The gains over the champion by day, which show how much days differ; none without one."""
    notes: tuple[str, ...] = ()
    """How intervals were made, and what of the set could not be judged; finished sentences."""

    @property
    def gain(self) -> Estimate | None:
        """How much less the version loses than the champion; `None` without one."""
        return self.metrics[0].gain

    def metric(self, name: MetricName) -> Metric | None:
        """Find one metric of the whole; `None` where it has no value."""
        return next((metric for metric in self.metrics if metric.name == name), None)


class Evaluation(Judgement, Record):
    """What one evaluator found of one version on one frozen set of rows."""

    kind: ClassVar[str] = "evaluation"
    upgrades = (_with_intervals,)

    model: str
    version: VersionId
    evaluator_hash: str
    """Of the code that measures and of all that the config says about how it measures."""
    validation: tuple[UsedPartition, ...]
    """The newest partitions it was judged on, oldest first; none of them was learned from."""
    validation_set: str
    """Content hash of the whole frozen set, under which it is kept."""
    made_at: AwareDatetime
    champion: VersionId | None = None
    """Compared on the very same rows; `None` when there was none, or none that could be loaded."""

    @classmethod
    def id_of(
        cls,
        version: VersionId,
        evaluator_hash: str,
        validation_set: str,
        champion: VersionId | None,
    ) -> str:
        """Name the evaluation: new rows, evaluator or champion make a new one, never a version."""
        return fact_id("evl", version, evaluator_hash, validation_set, champion or "")

    @property
    def listing(self) -> str:
        """All evidence about a version."""
        return f"evaluations:{self.version}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.made_at.isoformat()} {self.id}"
