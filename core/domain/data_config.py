"""Where a model's data lies, and what shows that a partition of it is complete."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.domain.base import Value

KeyPrefix = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_=-][A-Za-z0-9_.=-]*(/[A-Za-z0-9_=-][A-Za-z0-9_.=-]*)*$")
]
ObjectName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$")]
Side = Literal["features", "labels", "predictions"]

OUR_OWN = frozenset(
    {"booked", "models", "predictions", "profiles", "quarantine", "summaries", "validation"}
)
"""First parts of the keys that we write; nothing that lands there starts a function."""
MINUTES_PER_DAY = 24 * 60


class Predictions(Value):
    """What another system predicts, by the partition of the rows it predicted."""

    prefix: KeyPrefix
    score: str | None = None
    """The column that holds the probability of a 1, or the number, of each row."""
    scores: tuple[str, ...] = ()
    """Of several classes instead: the columns with the probability of each, in the order of
    `target.classes`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that hold predictions."""
        return self.scores if self.score is None else (self.score,)

    @model_validator(mode="after")
    def _names_columns(self) -> Self:
        if (self.score is None) == (not self.scores):
            raise ValueError("give one of `score` and `scores`")
        return self


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
