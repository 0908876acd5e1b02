"""Where a model's data lies, and what shows that a partition of it is complete."""

from collections import Counter
from datetime import date
from math import ceil
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.domain.base import Value
from core.domain.partition import starts_at
from core.domain.wording import names

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
_HOURS_PER_DAY = 24


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


class AsOf(Value):
    """A table of its own: each row of features gets the newest of its rows known before the event.

    Its objects lie as `<prefix>/dt=YYYY-MM-DD/part-*`, in the formats of features, under the day of
    UTC on which their rows became known. What lands there starts nothing.

             |<------------------ at_most_hours ------------------>|
             |                          |<- known_minutes_before ->|
        --x--|----------x---------------|------------x-------------|--->
       too old   the newest here   not known yet                 event
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    """What people call it."""
    prefix: KeyPrefix
    """Prefix of its partitions."""
    by: tuple[str, ...] = ()
    """Columns of the table and of the features that must say the same, as text; none: its newest
    row counts for every row of features."""
    known_at: str
    """The column that says when a row became known, not when it was measured: a value of ten
    o'clock that a feed sends at noon was known at noon. A time without a zone is UTC."""
    columns: tuple[str, ...] = Field(min_length=1)
    """Its columns that become features; null where nothing was known."""
    at_most_hours: int = Field(ge=1, le=24 * 31)
    """A row that was known for longer counts for nothing."""
    known_minutes_before: int = Field(default=0, ge=0, le=31 * MINUTES_PER_DAY)
    """So long before its event a row is predicted: what becomes known later does not count, nor
    what becomes known in that very moment."""

    @property
    def read(self) -> tuple[str, ...]:
        """All columns that are read of it."""
        return tuple(dict.fromkeys((*self.by, self.known_at, *self.columns)))

    def partitions_for(self, partition: str) -> list[str]:
        """Name its partitions that a partition of features is joined with, oldest first."""
        last = starts_at(partition).toordinal()
        first = max(last - ceil(self.at_most_hours / _HOURS_PER_DAY), 1)
        return [date.fromordinal(day).isoformat() for day in range(first, last + 1)]

    @model_validator(mode="after")
    def _leaves_some_time(self) -> Self:
        if self.known_minutes_before >= self.at_most_hours * 60:
            raise ValueError(f"as_of: of `{self.name}` no row is both old and new enough")
        return self


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
    """The column that says when the event takes place; a time without a zone is UTC."""
    as_of: tuple[AsOf, ...] = Field(default=(), exclude_if=lambda tables: not tables)
    """Tables of their own whose newest rows are added to the features."""
    complete: Complete = Field(default_factory=Complete, exclude_if=lambda c: c == Complete())
    """What shows that a partition of features is complete; by default its first object does."""

    @property
    def places(self) -> tuple[str, ...]:
        """Wherever its partitions land."""
        sides = (self.features, self.labels, self.prefix_of("predictions"))
        return tuple(prefix for prefix in sides if prefix)

    @property
    def joined(self) -> tuple[str, ...]:
        """The columns that come from tables of their own."""
        return tuple(name for table in self.as_of for name in table.columns)

    @property
    def joined_by(self) -> tuple[str, ...]:
        """The columns of features by which tables of their own are joined; none without any."""
        by = (name for table in self.as_of for name in table.by)
        return tuple(dict.fromkeys((self.event_time, *by))) if self.as_of else ()

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

    @model_validator(mode="after")
    def _joins_what_it_can(self) -> Self:
        for what in ([table.name for table in self.as_of], self.joined):
            if twice := [name for name, times in Counter(what).items() if times > 1]:
                raise ValueError(f"as_of: {names(twice)} is there twice")
        own = {self.key, *self.joined_by} & {*self.joined}
        if own:
            raise ValueError(f"as_of: {names(sorted(own))} has to be a column of features")
        for table in self.as_of:
            if table.prefix in self.places:
                raise ValueError(f"as_of: `{table.prefix}` is no table of its own")
            if table.prefix.split("/")[0] in OUR_OWN:
                raise ValueError(f"`{table.prefix}` is taken: Watchkeeper itself writes there")
        return self
