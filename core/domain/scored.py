"""That a partition was scored: by which versions, and where their predictions lie; or why not."""

from typing import ClassVar, Final, Literal, Self

from pydantic import AwareDatetime, Field

from core.domain.base import Record, Value
from core.domain.ids import VersionId, fact_id
from core.domain.serving import short

Stage = Literal["champion", "canary", "shadow", "fallback"]
"""A champion and its fallback predict every row, a canary its share; a shadow is never served."""
Maker = Literal["version", "simple", "constant"]
"""A version's pipeline, the simple model that was trained with it, or no model at all."""

MAKER_IN_WORDS: Final[dict[Maker, str]] = {
    "version": "version",
    "simple": "the simple model of version",
    "constant": "the constant of version",
}


class Logged(Value):
    """The predictions of one version for one partition."""

    version: VersionId
    """Of a simple model or a constant, an id of its own: nothing takes it for the version's."""
    stage: Stage
    rows: int
    mean_score: float | None
    """Of what the model said, before overrides; `None` when the partition has no rows."""
    key: str
    """The object that holds them, written once."""
    maker: Maker = "version"
    trained_with: VersionId | None = None
    """Of a simple model or a constant, the version that it belongs to; else `None`."""
    hits: dict[str, int] = Field(default_factory=dict)
    """How many of its rows each override of the config changed, those that changed none too."""
    withheld: int = 0
    """Rows whose prediction broke the output contract, so that nothing was served for them."""
    late: tuple[str, ...] = ()
    """The objects with those of rows that landed afterwards, each written once."""

    @property
    def keys(self) -> tuple[str, ...]:
        """All objects that hold its predictions."""
        return (self.key, *self.late)

    def joined_by(self, more: Self) -> Self:
        """Add the predictions of rows that landed afterwards; those that are there already stay."""
        if more.key in self.keys:
            return self
        rows = self.rows + more.rows
        total = (self.mean_score or 0.0) * self.rows + (more.mean_score or 0.0) * more.rows
        names = dict.fromkeys((*self.hits, *more.hits))
        update = {
            "rows": rows,
            "mean_score": total / rows if rows else None,
            "late": (*self.late, more.key),
            "hits": {name: self.hits.get(name, 0) + more.hits.get(name, 0) for name in names},
            "withheld": self.withheld + more.withheld,
        }
        return self.model_copy(update=update)

    @property
    def hit_rates(self) -> dict[str, float]:
        """Say which share of its rows each override changed, 0..1."""
        return {name: rows / max(self.rows, 1) for name, rows in self.hits.items()}


class Hop(Value):
    """That somebody who should have predicted could not, so that the next in the chain was asked.

    champion -> versions that served before it -> simple model -> constant
    """

    version: VersionId
    maker: Maker
    why: str
    """A finished sentence."""


class Scored(Record):
    """One partition of one model that has predictions."""

    kind: ClassVar[str] = "scored"

    model: str
    partition: str
    scored_at: AwareDatetime
    features_hash: str
    """Of the bytes that were scored: a partition that is rewritten keeps what was served."""
    joined: str | None = Field(default=None, exclude_if=lambda joined: joined is None)
    """Names what tables of their own added to that by its hash; `None` without any."""
    logs: tuple[Logged, ...]
    """What was served comes first."""
    duplicates: int = 0
    """Rows that were left out because an earlier row has the same key."""
    instead_of: VersionId | None = None
    """The champion that could not serve, so that its fallback did; else `None`."""
    hops: tuple[Hop, ...] = ()
    """Who could not predict it before somebody could."""
    quarantined: dict[str, int] = Field(default_factory=dict)
    """By reason, the rows that broke the input contract: they have no predictions."""

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Name the one scoring of a partition."""
        return fact_id("scd", model, partition)

    @property
    def listing(self) -> str:
        """All scored partitions of a model."""
        return f"scored:{self.model}"

    @property
    def place(self) -> str:
        """By partition."""
        return self.partition

    @property
    def served(self) -> Logged:
        """The predictions that people got, but for the rows of a canary."""
        return self.logs[0]

    @property
    def canary(self) -> Logged | None:
        """The predictions that people got for a canary's share; `None` without a canary."""
        return next((logged for logged in self.logs if logged.stage == "canary"), None)

    @property
    def by_whom(self) -> str:
        """Say who predicted it: `version 3fa2 instead of 9c1b, which could not`."""
        version = short(self.served.trained_with or self.served.version)
        said = f"{MAKER_IN_WORDS[self.served.maker]} {version}"
        if self.instead_of is not None:
            said += f" instead of {short(self.instead_of)}, which could not"
        if self.canary is not None:
            canary = short(self.canary.version)
            said += f", {self.canary.rows:,} of them by version {canary} as a canary"
        aside = sum(self.quarantined.values())
        return f"{said}, without {aside:,} in quarantine" if aside else said

    def log_of(self, version: VersionId) -> Logged | None:
        """Find what a version predicted of it, served or not; `None` if it was not asked."""
        return next((logged for logged in self.logs if logged.version == version), None)

    def has(self, version: VersionId) -> bool:
        """Say whether a version has predicted this partition."""
        return any(logged.version == version for logged in self.logs)

    @property
    def shadows(self) -> tuple[Logged, ...]:
        """What versions would have said that nobody was served."""
        return tuple(logged for logged in self.logs if logged.stage == "shadow")

    def awaits(self, versions: tuple[VersionId, ...]) -> bool:
        """Say whether one of these versions has not predicted it."""
        return any(not self.has(version) for version in versions)

    def with_shadow(self, logged: Logged) -> Self:
        """Add what a challenger would have said."""
        return self.model_copy(update={"logs": (*self.logs, logged)})

    def with_late(self, more: Logged) -> Self:
        """Add what a version that predicted it says of rows that landed afterwards."""
        same = (more.version, more.stage)
        logs = tuple(
            logged.joined_by(more) if (logged.version, logged.stage) == same else logged
            for logged in self.logs
        )
        return self.model_copy(update={"logs": logs})


class NotScored(Record):
    """Why one partition of one model has no predictions; past once it has been scored."""

    kind: ClassVar[str] = "not_scored"

    model: str
    partition: str
    reason: str
    """A clause: `its data was refused`."""

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Name the one refusal of a partition."""
        return fact_id("nsc", model, partition)

    @classmethod
    def because(cls, reason: str, model: str, partition: str) -> Self:
        """Write down why."""
        return cls(id=cls.id_of(model, partition), model=model, partition=partition, reason=reason)
