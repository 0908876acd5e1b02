"""How the predictions of one partition turned out, as far as its labels are there."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from core.domain.base import Record, Upgrade, Value
from core.domain.curve import Curve
from core.domain.ids import VersionId, fact_id
from core.domain.partition import starts_at
from core.domain.scored import Stage
from core.domain.target import Target

_DAY = timedelta(days=1)


class Outcome(Value):
    """How one version did on the labelled rows of a cohort."""

    version: VersionId
    stage: Stage
    key: str
    """The object with its predictions, those of late rows aside."""
    predicted: int
    labelled: int
    """Those that have a label; none where another kind of target was predicted."""
    loss: float | None
    """0..1, the mean over rows; this and what follows are `None` while no row has a label.

    Of classes it is the Brier score, of a number the squared error as a share of its span's, of a
    quantile the pinball loss as a share of the span.
    """
    log_loss: float | None = None
    """In nats; this and the accuracy are `None` of a number."""
    accuracy: float | None = None
    mean_absolute_error: float | None = None
    """In `unit`; this and what follows are `None` of classes, the two errors of a quantile too."""
    root_mean_squared_error: float | None = None
    mean_pinball_loss: float | None = None
    """In `unit`; this and what follows are `None` where no quantile was predicted."""
    quantile: float | None = None
    unit: str | None = None
    """Of the target when the labels were booked; `None` where it has none."""
    kpi: float | None = None
    """The number of the business on these rows; `None` where it has no value, or there is none."""
    kpi_expression: str | None = None
    """By which it was computed."""
    curve: Curve | None = Field(default=None, exclude_if=lambda curve: curve is None)
    """How wrong it was by what it said; `None` of cohorts of old, and of what several served."""

    @property
    def brier(self) -> float | None:
        """The Brier score of classes, halved where there are several so that it ends at 1."""
        return None if self.accuracy is None else self.loss

    @property
    def measured_in(self) -> tuple[bool, str | None, float | None]:
        """Tell what can be averaged: classes, a number or which quantile of it, in which unit."""
        return self.accuracy is None, self.unit, self.quantile


def _name_the_loss(document: dict[str, Any]) -> dict[str, Any]:
    """Up to schema 1 all targets were binary, and their loss was called by its name."""
    outcomes = [
        {("loss" if name == "brier" else name): value for name, value in outcome.items()}
        for outcome in document["outcomes"]
    ]
    return document | {"outcomes": outcomes}


class Cohort(Record):
    """The predictions of one partition with the labels booked to them so far."""

    kind: ClassVar[str] = "cohort"
    upgrades: ClassVar[tuple[Upgrade, ...]] = (_name_the_loss,)

    model: str
    partition: str
    outcomes: tuple[Outcome, ...]
    """The version that served comes first."""
    as_served: Outcome | None = Field(default=None, exclude_if=lambda outcome: outcome is None)
    """How all that people got did, each row by whom it was served; `None` where the first outcome
    says that, as nobody served beside it."""
    labels_hash: str
    """Of all booked labels; the same labels in other objects give the same hash."""
    labels_key: str
    """The object that holds the booked labels."""
    predictions_hash: str = ""
    """Of the names of all objects that hold the predictions; empty where it was not noted yet."""
    labelled_share: float
    """Of the rows whose prediction was served."""
    unmatched: int
    """Labels of rows that were never predicted."""
    corrections: int
    """How many booked labels were changed or withdrawn afterwards, over all times together."""
    known_until: AwareDatetime
    """These numbers know every label that had landed by then."""
    matures_at: AwareDatetime
    """From then on the numbers count as final, unless a correction comes."""

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Name the one cohort of a partition."""
        return fact_id("coh", model, partition)

    @property
    def listing(self) -> str:
        """All cohorts of a model."""
        return f"cohorts:{self.model}"

    @property
    def place(self) -> str:
        """By partition."""
        return self.partition

    @property
    def served(self) -> Outcome:
        """How what people got did, under the name of the version that served most of it."""
        return self.as_served or self.outcomes[0]

    def outcome_of(self, version: VersionId, stage: str) -> Outcome | None:
        """Find how a version did in a stage; `None` if it predicted nothing in it."""
        for outcome in self.outcomes:
            if (outcome.version, outcome.stage) == (version, stage):
                return outcome
        return None

    def has(self, version: VersionId) -> bool:
        """Say whether a version has predicted it."""
        return any(outcome.version == version for outcome in self.outcomes)

    def is_mature(self, now: datetime) -> bool:
        """Say whether the numbers may be judged; reached counts."""
        return now >= self.matures_at


def labels_due(partition: str, target: Target) -> datetime:
    """Say from when the labels of a partition are expected: its delay has passed, and it is over.

    partition 8th, delay 1:   |--- 8th ---|--- 9th ---|--- 10th --
                                          due         overdue
    """
    return starts_at(partition) + max(timedelta(days=target.delay_days), _DAY)


def labels_overdue(partition: str, target: Target) -> datetime:
    """Say from when no more labels are waited for: the delay has passed twice."""
    return starts_at(partition) + max(timedelta(days=2 * target.delay_days), _DAY)


def matures_at(partition: str, target: Target, share: float) -> datetime:
    """Say from when a cohort is mature, given the share of its rows that has a label.

    Labels that are there early do not count before they are due: what is known while its partition
    still runs was not learned from the world.
    """
    is_enough = share >= target.mature_share
    return labels_due(partition, target) if is_enough else labels_overdue(partition, target)
