"""What a training made, everything that made it, and what is known of how good it is."""

from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.ids import VersionId, content_hash, fact_id
from core.domain.model_config import Column, ModelConfig
from core.domain.partition import PartitionName
from core.domain.review import ReviewFinding


class UsedPartition(Value):
    """One partition as it was when it was learned from, or judged on."""

    partition: PartitionName
    features_hash: str
    """Of the bytes of its feature objects."""
    labels_hash: str
    """Of its labels by row, whatever objects they came in."""
    rows: int
    """Those that have a label."""


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
    seed: int
    environment: dict[str, str]
    """The versions of Python and of every library that has a say in the numbers."""

    @property
    def version(self) -> VersionId:
        """Name the version by what made it, never by when or by whom."""
        data = "".join(used.model_dump_json() for used in self.partitions)
        libraries = "".join(
            f"{name}=={self.environment[name]};" for name in sorted(self.environment)
        )
        key = (self.model, self.code_ref, self.config_hash, _hash(data), self.seed, libraries)
        return VersionId(fact_id("ver", *key))

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


class Version(Record):
    """One trained model; nothing in it ever changes."""

    kind: ClassVar[str] = "version"

    id: VersionId
    manifest: Manifest
    artefact: Artefact
    seal: str
    """Of the artefact's claim."""
    reference_key: str
    """The object with what the checks of partitions compare with, learned in the same run."""
    parent: VersionId | None
    """The champion of that time; `None` for the first version of a model."""
    made_at: AwareDatetime
    asked_by: str
    reason: str
    findings: tuple[ReviewFinding, ...] = ()
    """What the automated review of the training found."""

    @property
    def listing(self) -> str:
        """All versions of a model."""
        return f"versions:{self.manifest.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.made_at.isoformat()} {self.id}"


class Metrics(Value):
    """How good predictions were on labelled rows."""

    rows: int
    base_rate: float
    """The share of rows whose label is 1."""
    brier: float
    log_loss: float
    """In nats."""
    accuracy: float
    """The share of rows where a score above one half, or not, agrees with the label."""
    roc_auc: float | None
    """`None` where all labels are the same."""


class Gain(Value):
    """How much better a version is than another one on the same rows; > 0 is better."""

    low: float
    middle: float
    high: float
    """`low` to `high` is a 95 % interval."""


class Evaluation(Record):
    """What one evaluator found of one version on one frozen set of rows."""

    kind: ClassVar[str] = "evaluation"

    model: str
    version: VersionId
    evaluator_hash: str
    validation: tuple[UsedPartition, ...]
    """The partitions it was judged on, oldest first; none of them was learned from."""
    made_at: AwareDatetime
    metrics: Metrics
    champion: VersionId | None = None
    """Compared on the very same rows; `None` when there was none, or none that could be loaded."""
    champion_metrics: Metrics | None = None
    brier_gain: Gain | None = None
    """Brier score of the champion less that of the version; `None` without a champion."""

    @classmethod
    def id_of(
        cls, version: VersionId, evaluator_hash: str, validation: tuple[UsedPartition, ...]
    ) -> str:
        """Name the evaluation: new rows or a new evaluator make a new one, never a new version."""
        return fact_id("evl", version, evaluator_hash, validation_set_hash(validation))

    @property
    def listing(self) -> str:
        """All evidence about a version."""
        return f"evaluations:{self.version}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.made_at.isoformat()} {self.id}"

    def against(self, champion: VersionId, metrics: Metrics, gain: Gain) -> Self:
        """Set the champion's numbers beside the version's."""
        update = {"champion": champion, "champion_metrics": metrics, "brier_gain": gain}
        return self.model_copy(update=update)


def validation_set_hash(validation: tuple[UsedPartition, ...]) -> str:
    """Name a frozen set of rows by its content."""
    return _hash("".join(used.model_dump_json() for used in validation))


def manifest_columns(config: ModelConfig) -> dict[str, Column]:
    """Say what a version of this config reads, in a fixed order."""
    return {name: config.columns[name] for name in sorted(config.columns)}


def _hash(text: str) -> str:
    return content_hash(text.encode())
