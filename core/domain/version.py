"""What a training made, and everything that made it."""

from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from core.domain.base import Record, Value
from core.domain.ids import VersionId, content_hash, fact_id
from core.domain.model_config import Column, ModelConfig
from core.domain.partition import PartitionName
from core.domain.review import ReviewFinding


class UsedPartition(Value):
    """One partition as it was when it was learned from, or judged on."""

    partition: PartitionName
    features_hash: str
    """Of the bytes of its feature objects, and of what was joined to them."""
    labels_hash: str
    """Of its labels by row, whatever objects they came in."""
    rows: int
    """Those that have a label and were used."""
    without: tuple[str, ...] = Field(default=(), exclude_if=lambda keys: not keys)
    """Keys of labelled rows that were kept apart: filed failures, sorted."""

    def has_used(self, key: str) -> bool:
        """Say whether a row of it was among those used."""
        return key not in self.without


class UsedTable(Value):
    """One partition of a table of its own, as it was when rows were joined with it."""

    table: str
    partition: PartitionName
    objects_hash: str
    """Of the bytes of its objects."""


class Manifest(Value):
    """Everything that made an artefact; the same manifest makes the same version."""

    model: str
    code_ref: str
    """Content hash of the source that reads the rows, builds the pipeline and trains it."""
    config_hash: str
    columns: dict[str, Column]
    """What the version reads; said here so that it stays scorable when the config moves on."""
    partitions: tuple[UsedPartition, ...]
    """What it learned from, oldest first; what it was judged on stands in the evaluation."""
    tables: tuple[UsedTable, ...] = Field(default=(), exclude_if=lambda tables: not tables)
    """What its rows were joined with, by table and then by partition."""
    seed: int
    environment: dict[str, str]
    """The versions of Python and of every library that has a say in the numbers."""
    unhashed: tuple[str, ...] = ()
    """What went in and cannot be found again by its hash, as clauses: a function from a notebook,
    or rows that lie nowhere. A version with any of these cannot be promoted."""

    @property
    def version(self) -> VersionId:
        """Name the version by what made it, never by when or by whom."""
        data = "".join(used.model_dump_json() for used in (*self.partitions, *self.tables))
        libraries = "".join(
            f"{name}=={self.environment[name]};" for name in sorted(self.environment)
        )
        key = (self.model, self.code_ref, self.config_hash, _hash(data), self.seed, libraries)
        return VersionId(fact_id("ver", *key, *self.unhashed))

    @property
    def first_day(self) -> str:
        """The oldest partition it learned from."""
        return self.partitions[0].partition

    @property
    def last_day(self) -> str:
        """The newest partition it learned from."""
        return self.partitions[-1].partition

    @property
    def rows(self) -> int:
        """How many labelled rows it learned from."""
        return sum(used.rows for used in self.partitions)


class Artefact(Value):
    """Where the trained pipeline lies, and how its bytes are known again."""

    key: str
    sha256: str
    size_bytes: int
    golden_key: str
    """Rows with the scores that the pipeline gave them on the day it was made."""
    golden_sha256: str

    def claim(self, model: str, version: VersionId) -> bytes:
        """Say what is sealed: these bytes belong to this version of this model, and to no other."""
        return f"{model} {version} {self.model_dump_json()}".encode()


class SimpleModel(Value):
    """What serves in a version's place when neither it nor one before it can."""

    artefact: Artefact
    seal: str
    """Of the artefact's claim, under an id of its own: it never passes for the version's."""
    usual: tuple[float, ...]
    """The share of ones among the labels it learned from, or their mean; of classes the shares."""


class Version(Record):
    """One trained model; nothing in it ever changes."""

    kind: ClassVar[str] = "version"

    id: VersionId
    manifest: Manifest
    artefact: Artefact
    seal: str
    """Of the artefact's claim."""
    reference_key: str | None
    """The object with what the checks of partitions compare with, learned in the same run; `None`
    for a version that was made from rows which never landed."""
    held_out_key: str | None = None
    """The object with what it predicts on days that it did not learn from; `None` where there are
    too few of them, and for versions of old."""
    parent: VersionId | None
    """The champion of that time; `None` for the first version of a model."""
    made_at: AwareDatetime
    asked_by: str
    reason: str
    findings: tuple[ReviewFinding, ...] = ()
    """What the automated review of the training found."""
    simple: SimpleModel | None = None
    """`None` for versions of old, which were trained without one."""

    @classmethod
    def simple_id(cls, version: VersionId) -> VersionId:
        """Name the simple model of a version."""
        return VersionId(f"{version}.simple")

    @classmethod
    def constant_id(cls, version: VersionId) -> VersionId:
        """Name the constant that serves when not even the simple model of a version can."""
        return VersionId(f"{version}.constant")

    def simplified(self) -> Self | None:
        """Put the simple model in the place of the version's own; `None` where there is none."""
        if self.simple is None:
            return None
        update = {
            "id": self.simple_id(self.id),
            "artefact": self.simple.artefact,
            "seal": self.simple.seal,
        }
        return self.model_copy(update=update)

    @property
    def listing(self) -> str:
        """All versions of a model."""
        return f"versions:{self.manifest.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.made_at.isoformat()} {self.id}"


def manifest_columns(config: ModelConfig) -> dict[str, Column]:
    """Say what a version of this config reads, in a fixed order."""
    return {name: config.columns[name] for name in sorted(config.columns)}


def _hash(text: str) -> str:
    return content_hash(text.encode())
