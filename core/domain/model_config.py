"""What a team says about one model: the typed form of its YAML file, and which one is in force."""

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from core.domain.base import Record, Value
from core.domain.constraint import Constraint, misfit
from core.domain.ids import content_hash
from core.domain.person import PersonId

ModelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
GroupId = Annotated[str, Field(pattern=r"^S[A-Z0-9]{1,20}$")]
ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{1,20}$")]
KeyPrefix = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_=-][A-Za-z0-9_.=-]*(/[A-Za-z0-9_=-][A-Za-z0-9_.=-]*)*$")
]
ObjectName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$")]
Side = Literal["features", "labels", "predictions"]
Parameter = str | int | float | bool | None

_A_NAME = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029`]{1,100}")

OUR_OWN = frozenset({"booked", "models", "predictions", "profiles", "summaries"})
"""First parts of the keys that we write; nothing that lands there starts a function."""
MOST_MODELS = 1000
"""As many as one deployment watches."""
MINUTES_PER_DAY = 24 * 60


class Predictions(Value):
    """What another system predicts, by the partition of the rows it predicted."""

    prefix: KeyPrefix
    score: str
    """The column that holds the probability of a 1, for each row that the key names."""


class Complete(Value):
    """What shows that all of a partition of features has landed; one of the three at the most.

    Until then it is neither checked nor scored. Objects that land afterwards are checked again.
    """

    marker: ObjectName | None = None
    """An object in the partition's folder that is written last: `_SUCCESS`. Any bytes will do."""
    manifest: ObjectName | None = None
    """An object in the partition's folder that names what belongs to it: `manifest.json`.

    JSON: `{"files": ["part-0.parquet", "part-1.parquet"], "rows": 18204}`. `files` are names in
    that folder, at least one; `rows`, how many they hold together, may be left out: another number
    of rows is then a hard error. It has more keys if you like. The partition is complete when each
    of these files is there.
    """
    quiet_minutes: int = Field(default=0, ge=0, le=MINUTES_PER_DAY)
    """For so long nothing has landed or was rewritten; 0: whatever lands is checked at once."""

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if sum(1 for way in (self.marker, self.manifest, self.quiet_minutes) if way) > 1:
            raise ValueError("one of `marker`, `manifest` and `quiet_minutes`, not several")
        return self

    @property
    def is_at_once(self) -> bool:
        """Whether the first object already counts as the whole."""
        return not (self.marker or self.manifest or self.quiet_minutes)


class Data(Value):
    """Where partitions land: `<prefix>/dt=YYYY-MM-DD/part-*`, as Parquet, CSV or JSON lines.

    Each is a day of UTC.
    """

    features: KeyPrefix
    """Prefix of the partitions of features, known before the event."""
    labels: KeyPrefix
    """Prefix of the labels, by the partition of the rows they belong to."""
    predictions: Predictions | None = None
    """The predictions that another system writes; needed with `serving: elsewhere`."""
    key: str
    """The column that names a row, in features and in labels."""
    event_time: str
    """The column that says when the event takes place."""
    complete: Complete = Field(default_factory=Complete, exclude_if=lambda c: c == Complete())
    """What shows that a partition of features is complete; by default its first object does."""

    @property
    def places(self) -> tuple[str, ...]:
        """Wherever its partitions land."""
        sides = (self.features, self.labels, self.prefix_of("predictions"))
        return tuple(prefix for prefix in sides if prefix)

    @property
    def apart(self) -> frozenset[str]:
        """Names of objects among the features that say something of them and are none."""
        both = (self.complete.marker, self.complete.manifest)
        return frozenset(name for name in both if name is not None)

    def prefix_of(self, side: Side) -> str | None:
        """Say where partitions of this side lie; `None` for predictions that are made here."""
        if side == "predictions":
            return self.predictions.prefix if self.predictions else None
        return self.features if side == "features" else self.labels

    @model_validator(mode="after")
    def _is_not_where_we_write(self) -> Self:
        for prefix in self.places:
            if prefix.split("/")[0] in OUR_OWN:
                raise ValueError(f"`{prefix}` is taken: Watchkeeper itself writes there")
        return self


class Target(Value):
    """What is predicted."""

    column: str
    """The 0/1 column of the labels."""
    delay_days: int = Field(ge=0, le=365)
    """How many days after its partition a label is expected."""
    mature_share: float = Field(default=0.9, gt=0, le=1)
    """A cohort is mature when this share of its rows has a label, or the delay has passed twice."""


class Column(Value):
    """One feature column."""

    type: Literal["number", "category"]
    unit: str | None = Field(default=None, max_length=20)
    """Shown beside its numbers; `None` where a unit makes no sense."""


class Training(Value):
    """How a version is made."""

    estimator: str
    """The name of an allowed scikit-learn estimator: `HistGradientBoostingClassifier`."""
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    seed: int = Field(default=0, ge=0, lt=2**32)
    window_days: int = Field(ge=2, le=730)
    """How many days of labelled partitions it learns from."""
    validation_days: int = Field(ge=1, le=180)
    """How many of the newest of them are kept back to compare it with the champion."""
    minimum_rows: int = Field(default=1000, ge=10)
    """With fewer labelled rows nothing is trained, and the owner is told."""
    every_days: int | None = Field(default=None, ge=1, le=365)
    """The cadence; `None`: only when a person or an alert asks."""


class Alerting(Value):
    """When it may wake somebody."""

    partitions_per_false_alarm: int = Field(default=60, ge=5, le=10_000)
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
    """Rules that people answer for, beside what is learned; broken, they are a hard error."""
    training: Training
    alerts: Alerting = Field(default_factory=Alerting)
    checks: Checks = Field(default_factory=Checks)
    access: Access = Field(default_factory=Access)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        known = {*self.columns, self.data.key, self.data.event_time, self.target.column}
        for name in sorted(known):
            if not _A_NAME.fullmatch(name):
                raise ValueError(
                    f"a column cannot be named {name!r}: sentences have to name it, so it has 1 to "
                    "100 characters, no line breaks and no backticks"
                )
        for name in self.sensitive:
            if name not in known:
                raise ValueError(f"sensitive: there is no column `{name}`")
        if self.data.key == self.target.column:
            raise ValueError(f"data: the key `{self.data.key}` is the target as well")
        if self.target.column in self.columns:
            raise ValueError(f"columns: the target `{self.target.column}` cannot be a feature")
        kinds = {name: column.type for name, column in self.columns.items()}
        if wrong := misfit(self.constraints, kinds, self.data.key):
            raise ValueError(f"constraints: {wrong}")
        if self.training.validation_days >= self.training.window_days:
            raise ValueError("training: validation_days must be fewer than window_days")
        if (self.serving == "elsewhere") != (self.data.predictions is not None):
            raise ValueError("data: `predictions` goes with `serving: elsewhere`, and only with it")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """Everybody it names: people, and user groups."""
        authors = (rule.owner for rule in self.constraints)
        return (self.owner, *self.access.responders, *self.access.approvers, *authors)

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

    @property
    def listing(self) -> str:
        """All watched models."""
        return "models"

    def applying(self, config: ModelConfig, at: AwareDatetime) -> Self:
        """Put another config in force."""
        return self.model_copy(update={"config": config, "since": at})
