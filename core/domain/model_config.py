"""What a team says about one model: the typed form of its YAML file, and which one is in force."""

import re
from datetime import timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from core.domain.base import Record, Value
from core.domain.constraint import Constraint, misfit
from core.domain.data_config import Data
from core.domain.evaluation_config import EvaluationConfig, evaluation_misfit
from core.domain.ids import content_hash
from core.domain.on_call_config import OnCall
from core.domain.person import PersonId
from core.domain.scoring_config import Scoring
from core.domain.slo_config import Slo, slo_misfit
from core.domain.stages_config import Stages
from core.domain.target import Target
from core.domain.training_config import Training

ModelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
GroupId = Annotated[str, Field(pattern=r"^S[A-Z0-9]{1,20}$")]
ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{1,20}$")]

_A_NAME = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029`]{1,100}")

MOST_MODELS = 1000
"""As many as one deployment watches."""


class Column(Value):
    """One feature column."""

    type: Literal["number", "category"]
    unit: str | None = Field(default=None, max_length=20)
    """Shown beside its numbers; `None` where a unit makes no sense."""


class Alerting(Value):
    """When it may wake somebody."""

    partitions_per_false_alarm: int = Field(default=250, ge=5, le=10_000)
    """The alarm budget: about one false alarm in so many partitions, over all columns together."""
    minimum_rows: int = Field(default=50, ge=2)
    """A partition with fewer rows is not judged by its distributions, only by its contract."""
    arrives_within_hours: int | None = Field(
        default=None, ge=0, le=24 * 31, exclude_if=lambda hours: hours is None
    )
    """So long after its start (00:00 UTC) a partition is late at the latest; `None`: learned.

    On which days one is expected is learned in any case.
    """


class Checks(Value):
    """How partitions are checked."""

    parallel_above_mib: int = Field(default=256, ge=1)
    """Objects of a larger partition are profiled beside each other, and their profiles are kept,
    so that of one that grows only what is new is read. The share of duplicates in it is that of a
    sample of keys."""


class Access(Value):
    """Who may do what; people (`U…`) and user groups (`S…`). Nobody named means everybody may."""

    responders: tuple[PersonId | GroupId, ...] = ()
    """May acknowledge, prioritise, resolve, report."""
    approvers: tuple[PersonId | GroupId, ...] = ()
    """May promote, roll back and retrain as well."""
    promotion_needs_second_person: bool = False
    """The one who asked for the training may not promote its version."""


class ModelConfig(Value):
    """Everything Watchkeeper is told about one model."""

    model: ModelName
    about: str = Field(max_length=300)
    """One sentence: what it predicts, for whom."""
    owner: PersonId
    channel: ChannelId
    serving: Literal["here", "elsewhere"] = "here"
    """`elsewhere`: another system writes the predictions; they are watched, never made or moved."""
    data: Data
    target: Target
    columns: dict[str, Column] = Field(min_length=1)
    """The features, by name."""
    sensitive: tuple[str, ...] = ()
    """Columns whose values never reach Slack, logs or reports."""
    constraints: tuple[Constraint, ...] = ()
    """Rules that people answer for, beside what is learned; broken, they are a hard error.

    A row that breaks one by itself (`never_null`, `at_least`, `at_most`, `one_of`) is not scored
    but put into quarantine.
    """
    training: Training
    evaluation: EvaluationConfig = Field(default_factory=EvaluationConfig)
    scoring: Scoring = Field(default_factory=Scoring)
    stages: Stages = Field(default_factory=Stages)
    slo: Slo | None = Field(default=None, exclude_if=lambda slo: slo is None)
    """What is promised about its predictions; `None`: nothing."""
    alerts: Alerting = Field(default_factory=Alerting)
    checks: Checks = Field(default_factory=Checks)
    access: Access = Field(default_factory=Access)
    on_call: OnCall | None = Field(default=None, exclude_if=lambda rota: rota is None)
    """Who is on call, and when; `None`: alerts name nobody. Who is in the rota may do what
    responders may."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        known = {*self.columns, self.data.key, self.data.event_time, self.target.column}
        of_tables = {name for table in self.data.as_of for name in table.read}
        for name in sorted(known | of_tables):
            if not _A_NAME.fullmatch(name):
                raise ValueError(
                    f"a column cannot be named {name!r}: sentences have to name it, so it has 1 to "
                    "100 characters, no line breaks and no backticks"
                )
        for name in self.sensitive:
            if name not in known:
                raise ValueError(f"sensitive: there is no column `{name}`")
        for name in self.data.joined:
            if name not in self.columns:
                raise ValueError(f"data: as_of: `{name}` is none of `columns`")
        if self.data.key == self.target.column:
            raise ValueError(f"data: the key `{self.data.key}` is the target as well")
        if self.target.column in self.columns:
            raise ValueError(f"columns: the target `{self.target.column}` cannot be a feature")
        if self.training.validation_days >= self.training.window_days:
            raise ValueError("training: validation_days must be fewer than window_days")
        return self

    @model_validator(mode="after")
    def _says_who_predicts(self) -> Self:
        if (self.serving == "elsewhere") != (self.data.predictions is not None):
            raise ValueError("data: `predictions` goes with `serving: elsewhere`, and only with it")
        if self.data.predictions and len(self.data.predictions.scores) != len(self.target.classes):
            raise ValueError("data: `predictions.scores` names one column for each of the classes")
        return self

    @model_validator(mode="after")
    def _has_rules_that_fit_its_columns(self) -> Self:
        kinds = {name: column.type for name, column in self.columns.items()}
        if wrong := misfit(self.constraints, kinds, self.data.key):
            raise ValueError(f"constraints: {wrong}")
        if wrong := self.scoring.misfit(self.target, kinds):
            raise ValueError(f"scoring: {wrong}")
        return self

    @model_validator(mode="after")
    def _evaluates_what_it_has(self) -> Self:
        kinds = {name: column.type for name, column in self.columns.items()}
        if wrong := evaluation_misfit(self.evaluation, self.target, kinds):
            raise ValueError(f"evaluation: {wrong}")
        if wrong := slo_misfit(self.slo, self.target, self.evaluation.kpi):
            raise ValueError(f"slo: {wrong}")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """Everybody it names: people, and user groups."""
        authors = (rule.owner for rule in self.constraints)
        rota = self.on_call.people if self.on_call else ()
        return (self.owner, *self.access.responders, *self.access.approvers, *authors, *rota)

    @property
    def acting(self) -> Access:
        """Who may do what, those in the rota among the responders."""
        rota = self.on_call.rota if self.on_call else ()
        if not self.access.responders:
            return self.access
        responders = (*self.access.responders, *rota)
        return self.access.model_copy(update={"responders": responders})

    def trains_like(self, other: "ModelConfig") -> bool:
        """Say whether trainings would be the same: who is told and when it alerts may differ."""
        theirs = other.data.model_copy(
            update={"complete": self.data.complete}
        )  # not when it landed
        ours = (self.data, self.target, self.columns, self.training)
        return ours == (theirs, other.target, other.columns, other.training)

    def promises_like(self, other: "ModelConfig") -> bool:
        """Say whether the same cohorts would be good."""
        return (self.slo, self.evaluation.kpi) == (other.slo, other.evaluation.kpi)

    @property
    def hash(self) -> str:
        """Name this config by its content: 32 hexadecimal digits."""
        return content_hash(self.model_dump_json().encode())


class StoredConfig(Record):
    """One config that was applied at some time, under its content hash."""

    kind: ClassVar[str] = "config"

    config: ModelConfig
    applied_at: AwareDatetime
    applied_by: str

    @property
    def listing(self) -> str:
        """All configs of a model, oldest first."""
        return f"configs:{self.config.model}"

    @property
    def place(self) -> str:
        """By the time it was first applied."""
        return self.applied_at.isoformat()


class InForce(Record):
    """The pointer to the config that functions go by, with the config itself: one read."""

    kind: ClassVar[str] = "in_force"

    config: ModelConfig
    since: AwareDatetime
    trained_from: AwareDatetime | None = None
    """When the first training on its cadence is due; `None`: a minute after `since`."""

    @property
    def listing(self) -> str:
        """All watched models."""
        return "models"

    @property
    def first_training(self) -> AwareDatetime:
        """When the first training on its cadence is due."""
        return self.trained_from or self.since + timedelta(minutes=1)

    def applying(self, config: ModelConfig, at: AwareDatetime) -> Self:
        """Put another config in force.

        A change of what makes a version starts a training at once, and its cadence from there; any
        other change leaves the cadence as it is.
        """
        trained_from = self.first_training
        if not config.trains_like(self.config):
            trained_from = at + timedelta(days=config.training.every_days or 0)
        update = {"config": config, "since": at, "trained_from": trained_from}
        return self.model_copy(update=update)
