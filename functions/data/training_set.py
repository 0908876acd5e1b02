"""The rows a version learns from and the rows it is judged on, as they are known at one moment."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow as pa

from core.domain.cohort import labels_due, matures_at
from core.domain.model_config import ModelConfig
from core.domain.target import Target
from core.domain.version import UsedPartition, UsedTable
from core.ports import Objects
from functions.arrays import Floats
from functions.data.as_of_tables import AsOfTables
from functions.data.feature_rows import as_of_tables, landed_features
from functions.data.label_store import landed_labels
from functions.data.partition_rows import partition_names


@dataclass(frozen=True)
class Joined:
    """What the features of a partition are made of, each by its hash."""

    landed: str
    added: str


@dataclass(frozen=True)
class LabelledPartition:
    """The rows of one partition that have a label."""

    used: UsedPartition
    features: pa.Table
    labels: Floats
    """Shape (rows,): 0 or 1, the place of the class, or the number."""
    tables: tuple[UsedTable, ...] = ()
    """What the features were joined with."""
    joined: Joined | None = None
    """What landed, and what was joined to it; `None` without any."""


@dataclass(frozen=True)
class LabelledRows:
    """The labelled rows of several partitions, oldest first."""

    partitions: tuple[LabelledPartition, ...]

    @property
    def used(self) -> tuple[UsedPartition, ...]:
        """Which partitions, as they were."""
        return tuple(one.used for one in self.partitions)

    @property
    def tables(self) -> tuple[UsedTable, ...]:
        """What they were joined with, each partition of a table once."""
        every = {table for one in self.partitions for table in one.tables}
        return tuple(sorted(every, key=lambda used: (used.table, used.partition)))

    @property
    def rows(self) -> int:
        """How many rows."""
        return sum(one.used.rows for one in self.partitions)

    @property
    def features(self) -> list[pa.Table]:
        """All columns of each partition as they landed; the pipeline's own are selected there."""
        return [one.features for one in self.partitions]

    @property
    def labels(self) -> Floats:
        """The label of each row: 0 or 1, the place of the class, or the number."""
        return np.concatenate([one.labels for one in self.partitions])

    def classes_without_rows(self, target: Target) -> tuple[str, ...]:
        """Name the classes that no row has."""
        seen = set(np.unique(self.labels).astype(int)) if target.classes else set()
        return tuple(name for place, name in enumerate(target.classes) if place not in seen)

    @property
    def has_different_labels(self) -> bool:
        """Whether there is something to tell apart."""
        return bool(self.partitions) and len(np.unique(self.labels)) > 1


@dataclass(frozen=True)
class TrainingSet:
    """A window of partitions, cut once in time; no other cut is offered.

    |-- learning ------------------|-- validation --|   now
      oldest                    ...           newest with mature labels
    """

    learning: LabelledRows
    validation: LabelledRows
    left_out: tuple[str, ...] = ()
    """Partitions of the window that are not in it because their data is known to be wrong."""
    unhashed: tuple[str, ...] = ()
    """What of it lies nowhere, so that it cannot be found again, as clauses."""

    @property
    def used(self) -> tuple[UsedPartition, ...]:
        """All partitions of the window."""
        return (*self.learning.used, *self.validation.used)

    @property
    def rows(self) -> int:
        """How many labelled rows the window has."""
        return self.learning.rows + self.validation.rows


def collect(
    config: ModelConfig,
    objects: Objects,
    *,
    now: datetime,
    up_to: str | None,
    is_wrong: Callable[[str], bool] = lambda _: False,
) -> TrainingSet:
    """Collect the newest partitions with mature labels and keep the newest of these back.

    A label counts from when it is due, not before; features are those that landed for the
    partition, known before its events. So the same rows come out as would have on that day.

    Args:
        config: whose rows; says how many partitions, and how many of them are kept back.
        objects: the store.
        now: what was not known by then does not count.
        up_to: the newest partition to look at, inclusive; `None` for no such limit.
        is_wrong: says of a partition that its data is known to be wrong; by default of none.

    Raises:
        BadData: a partition of the window breaks its contract.
    """
    training = config.training
    newest_first: list[LabelledPartition] = []
    left_out: list[str] = []
    tables = as_of_tables(config, objects)
    for partition in _due(config, objects, now, up_to):
        if len(newest_first) == training.window_days:
            break
        if partition in config.evaluation.pinned:  # judged on for good, so never learned from
            continue
        if is_wrong(partition):
            left_out.append(partition)
            continue
        share, labelled = _labelled(config, partition, objects, tables)
        if labelled and now >= matures_at(partition, config.target, share):
            newest_first.append(labelled)
    found = cut_in_time(newest_first[::-1], config)
    return replace(found, left_out=tuple(reversed(left_out)))


def cut_in_time(window: Sequence[LabelledPartition], config: ModelConfig) -> TrainingSet:
    """Keep the newest partitions of a window back, oldest first, as many as the config says."""
    cut = max(len(window) - config.training.validation_days, 0)
    return TrainingSet(LabelledRows(tuple(window[:cut])), LabelledRows(tuple(window[cut:])))


def labelled_partition(
    config: ModelConfig, partition: str, objects: Objects
) -> LabelledPartition | None:
    """Read the rows of one partition that have a label by now; `None` when it has none.

    Raises:
        BadData: the partition breaks its contract.
    """
    labelled = _labelled(config, partition, objects)[1]
    return labelled if labelled and labelled.used.rows else None


def _due(config: ModelConfig, objects: Objects, now: datetime, up_to: str | None) -> Iterator[str]:
    """Name the partitions whose labels are due, newest first."""
    for partition in reversed(partition_names(config.data.labels, objects)):
        is_asked_for = up_to is None or partition <= up_to
        if is_asked_for and now >= labels_due(partition, config.target):
            yield partition


def _labelled(
    config: ModelConfig, partition: str, objects: Objects, tables: AsOfTables | None = None
) -> tuple[float, LabelledPartition | None]:
    """Join features and labels of one partition; also say which share of its rows has a label."""
    labels = landed_labels(config, partition, objects)
    features = landed_features(config, partition, objects, tables)
    if labels is None or features is None or features.table.num_rows == 0:
        return 0.0, None
    known = labels.of(features.names(config.data.key))
    is_known = ~np.isnan(known)
    used = UsedPartition(
        partition=partition,
        features_hash=features.rows_hash,
        labels_hash=labels.content_hash,
        rows=int(is_known.sum()),
    )
    rows = features.table.filter(pa.array(is_known))
    added = features.joined_hash
    joined = Joined(features.content_hash, added) if added is not None else None
    labelled = LabelledPartition(used, rows, known[is_known], features.tables, joined)
    return float(is_known.mean()), labelled
