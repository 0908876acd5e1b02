"""Filed failures: their rows, to judge versions by; and the rows of a partition without them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np
import pyarrow as pa

from core.domain.errors import BadData
from core.domain.failure import Failure, WrongLabel, truth_of
from core.domain.frozen_set import FiledRow, FiledRows
from core.domain.model_config import ModelConfig
from core.domain.target import Target
from core.domain.version import UsedPartition
from core.domain.wording import many
from core.ports import Objects
from functions.data.asked_rows import asked_rows
from functions.data.feature_rows import landed_features
from functions.data.label_store import landed_labels
from functions.data.partition_rows import PartitionRows
from functions.data.training_set import LabelledPartition, LabelledRows

IsKnown = Callable[[str, str | None], bool]
"""Whether a row of a partition was learned from; without a row, whether any of it was."""
Filed = list[tuple[FiledRows, LabelledPartition]]
"""Per partition: what is kept of the rows, and the rows."""


class RowsChanged(BadData):
    """The rows of a frozen set are not there as they were."""

    def __init__(self, partition: str) -> None:
        super().__init__(
            f"The rows of {partition} are not those that the validation set was frozen with, so "
            "that evaluation cannot be repeated."
        )
        self.partition = partition


def filed_rows(
    config: ModelConfig,
    failures: Iterable[Failure],
    is_known: IsKnown,
    notes: list[str],
    objects: Objects,
) -> Filed:
    """Find the rows of failures, with what is right of each; what cannot be judged is noted.

    Raises:
        BadData: a partition breaks its contract.
    """
    found: Filed = []
    learned = lacking = 0
    for partition, some in _by_partition(failures):
        unseen = [one for one in some if not is_known(partition, one.key)]
        learned += len(some) - len(unseen)
        truths = _truths(config, partition, unseen, objects) if unseen else {}
        lacking += len(unseen)
        for place in _places(config, partition, truths, objects):
            names = set(place.names(config.data.key))
            rows = tuple(FiledRow(key=k, truth=t) for k, t in sorted(truths.items()) if k in names)
            lacking -= len(rows)
            filed = FiledRows(partition=partition, features_hash=place.rows_hash, rows=rows)
            found.append((filed, _rows_of(config, filed, place)))
    if learned:
        notes.append(f"{many(learned, 'filed failure')} learned from before: left out.")
    if lacking:
        notes.append(f"{many(lacking, 'filed failure')} without a row, or without a label yet.")
    return found


def _places(
    config: ModelConfig, partition: str, truths: Collection[str], objects: Objects
) -> Iterator[PartitionRows]:
    """Look for rows in their partition, and those that never landed among what was asked for."""
    landed = landed_features(config, partition, objects) if truths else None
    names = set(landed.names(config.data.key)) if landed else set()
    if landed is not None and names & {*truths}:
        yield landed
    if lacking := {*truths} - names:
        asked = asked_rows(config, partition, lacking, objects)
        if asked is not None:
            yield asked


def _truths(
    config: ModelConfig, partition: str, failures: list[Failure], objects: Objects
) -> dict[str, float]:
    """Say what is right of each row: as a person says, or else as its label does."""
    said = {
        one.key: truth
        for one in failures
        if one.label is not None and (truth := _as_truth(one.label, config.target)) is not None
    }
    waiting = [one.key for one in failures if one.label is None]
    labels = landed_labels(config, partition, objects) if waiting else None
    if labels is None:
        return said
    known = labels.by_key[labels.by_key.index.isin(waiting)]
    return said | {str(key): float(label) for key, label in known.items()}


def _as_truth(label: str, target: Target) -> float | None:
    """Read what a person said; `None` when the target has changed since and has no such label."""
    try:
        return truth_of(label, target)
    except WrongLabel:
        return None


def rows_again(config: ModelConfig, filed: FiledRows, objects: Objects) -> LabelledPartition:
    """Read the very same rows again.

    Raises:
        RowsChanged: their partition is another one by now.
    """
    landed = landed_features(config, filed.partition, objects)
    if landed is None or landed.rows_hash != filed.features_hash:
        landed = asked_rows(config, filed.partition, {row.key for row in filed.rows}, objects)
    if landed is None or landed.rows_hash != filed.features_hash:
        raise RowsChanged(filed.partition)
    return _rows_of(config, filed, landed)


def _rows_of(config: ModelConfig, filed: FiledRows, landed: PartitionRows) -> LabelledPartition:
    """Take the filed rows out of their partition."""
    place = {name: at for at, name in enumerate(landed.names(config.data.key))}
    used = UsedPartition(
        partition=filed.partition,
        features_hash=filed.features_hash,
        labels_hash="",
        rows=len(filed.rows),
    )
    rows = landed.table.take([place[row.key] for row in filed.rows])
    return LabelledPartition(used, rows, np.array([row.truth for row in filed.rows]))


def without_failures(
    rows: LabelledRows, failures: Iterable[Failure], config: ModelConfig
) -> LabelledRows:
    """Take filed failures out of rows to learn from; each partition says which it lacks."""
    filed = {of: {one.key for one in some} for of, some in _by_partition(failures)}
    return LabelledRows(
        tuple(
            _apart(one, filed[one.used.partition], config.data.key)
            if one.used.partition in filed
            else one
            for one in rows.partitions
        )
    )


def _apart(one: LabelledPartition, keys: set[str], key: str) -> LabelledPartition:
    names = names_of(one, key)
    is_filed = np.array([name in keys for name in names], np.bool_)
    if not is_filed.any():
        return one
    apart = tuple(sorted(name for name in names if name in keys))
    used = one.used.model_copy(
        update={"rows": one.used.rows - len(apart), "without": (*one.used.without, *apart)}
    )
    rows = one.features.filter(pa.array(~is_filed))
    return replace(one, used=used, features=rows, labels=one.labels[~is_filed])


def names_of(one: LabelledPartition, key: str) -> list[str]:
    """Name the rows of a partition by their key."""
    names: list[str] = one.features.column(key).cast(pa.string()).to_pylist()
    return names


def _by_partition(failures: Iterable[Failure]) -> Iterator[tuple[str, list[Failure]]]:
    ordered = sorted(failures, key=lambda one: (one.partition, one.key))
    for partition, some in groupby(ordered, key=lambda one: one.partition):
        yield partition, list(some)
