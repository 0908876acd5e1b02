"""The rows that a version and the champion are judged on: the newest, the pinned, the filed.

    |-- newest days --|-- scenario --|-- scenario --|-- filed failures --|

What is said of the whole is said of the newest days: the other rows were chosen because something
went wrong there, and would favour whatever is new. They are judged by themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.domain.errors import BadData, NotThere
from core.domain.evaluation import PartKind
from core.domain.failure import Failure
from core.domain.frozen_set import FrozenSet, Pinned
from core.domain.model_config import ModelConfig
from core.domain.version import UsedPartition
from core.domain.wording import many
from core.ports import Objects
from functions.arrays import Floats
from functions.data.filed_rows import (
    Filed,
    IsKnown,
    RowsChanged,
    filed_rows,
    names_of,
    rows_again,
)
from functions.data.training_set import LabelledPartition, LabelledRows, labelled_partition


class SetChanged(BadData):
    """The record of a frozen set is not the one that was stored."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The validation set {name} was changed after it was stored.")
        self.name = name


@dataclass(frozen=True)
class Section:
    """Rows that are judged by themselves."""

    kind: PartKind
    name: str
    rows: LabelledRows


@dataclass(frozen=True)
class ValidationSet:
    """The rows, and the small record by which they are found again."""

    frozen: FrozenSet
    newest: LabelledRows
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    """What could not be judged, a sentence each."""

    def noting(self, note: str) -> "ValidationSet":
        """Say one thing more about what could not be judged."""
        return replace(self, notes=(*self.notes, note))

    @property
    def partitions(self) -> tuple[LabelledPartition, ...]:
        """All rows, one section behind the other."""
        parts = [self.newest.partitions, *(section.rows.partitions for section in self.sections)]
        return tuple(one for part in parts for one in part)

    @property
    def truths(self) -> Floats:
        """What was true, by row: 0 or 1, the place of the class, or the number."""
        return np.concatenate([np.asarray(one.labels, np.float64) for one in self.partitions])


def freeze(
    config: ModelConfig,
    newest: LabelledRows,
    failures: Sequence[Failure],
    is_known: IsKnown,
    objects: Objects,
) -> ValidationSet:
    """Collect what a version is judged on now, leaving out whatever `is_known` has seen.

    Raises:
        BadData: a pinned partition, or one with a filed failure, breaks its contract.
    """
    notes: list[str] = []
    unseen = [one for one in newest.partitions if not is_known(one.used.partition, None)]
    if len(unseen) < len(newest.partitions):
        known = len(newest.partitions) - len(unseen)
        notes.append(f"{many(known, 'newest partition')} learned from before: left out.")
    scenarios = [
        Section("scenario", scenario.name, LabelledRows(tuple(rows)))
        for scenario in config.evaluation.scenarios
        if (rows := list(_pinned(config, scenario.partitions, is_known, notes, objects)))
    ]
    filed = filed_rows(config, failures, is_known, notes, objects)
    frozen = FrozenSet(
        newest=tuple(one.used for one in unseen),
        scenarios=tuple(Pinned(name=one.name, partitions=one.rows.used) for one in scenarios),
        failures=tuple(rows for rows, _ in filed),
    )
    sections = (*scenarios, *_section(filed))
    return _as_people_say(
        ValidationSet(frozen, LabelledRows(tuple(unseen)), sections, tuple(notes)), config
    )


def thaw(config: ModelConfig, frozen: FrozenSet, objects: Objects) -> ValidationSet:
    """Read the very same rows again.

    Raises:
        RowsChanged: they are not there any more, or are others by now.
    """

    def again(used: UsedPartition) -> LabelledPartition:
        found = labelled_partition(config, used.partition, objects)
        if found is None or found.used != used:
            raise RowsChanged(used.partition)
        return found

    scenarios = [
        Section("scenario", of.name, LabelledRows(tuple(again(used) for used in of.partitions)))
        for of in frozen.scenarios
    ]
    filed = [(rows, rows_again(config, rows, objects)) for rows in frozen.failures]
    newest = LabelledRows(tuple(again(used) for used in frozen.newest))
    return _as_people_say(ValidationSet(frozen, newest, (*scenarios, *_section(filed))), config)


def stored(model: str, frozen: FrozenSet, objects: Objects) -> str:
    """Keep a frozen set under its hash; returns the hash."""
    body = frozen.model_dump_json().encode()
    objects.put_new(FrozenSet.key_of(model, frozen.hash), body)
    return frozen.hash


def frozen_set(model: str, name: str, objects: Objects) -> FrozenSet | None:
    """Read a frozen set by its hash; `None` when none was kept under it.

    Raises:
        SetChanged: what lies there is not what was stored.
    """
    try:
        body = objects.get(FrozenSet.key_of(model, name))
        frozen = FrozenSet.model_validate_json(body)
    except NotThere:
        return None
    except ValueError as error:
        raise SetChanged(name) from error
    if frozen.hash != name:
        raise SetChanged(name)
    return frozen


def _pinned(
    config: ModelConfig,
    partitions: Iterable[str],
    is_known: IsKnown,
    notes: list[str],
    objects: Objects,
) -> Iterator[LabelledPartition]:
    for partition in sorted(partitions):
        if is_known(partition, None):
            notes.append(f"The pinned partition {partition} was learned from before: left out.")
        elif found := labelled_partition(config, partition, objects):
            yield found
        else:
            notes.append(f"The pinned partition {partition} has no labelled rows.")


def _section(filed: Filed) -> tuple[Section, ...]:
    if not filed:
        return ()
    return (Section("failures", "filed failures", LabelledRows(tuple(one for _, one in filed))),)


def _as_people_say(found: ValidationSet, config: ModelConfig) -> ValidationSet:
    """Let what is right of a filed row count wherever else the row stands as well."""
    right = {
        filed.partition: {row.key: row.truth for row in filed.rows}
        for filed in found.frozen.failures
    }

    def mended(one: LabelledPartition) -> LabelledPartition:
        truths = right.get(one.used.partition)
        if truths is None:
            return one
        names = names_of(one, config.data.key)
        labels = [truths.get(name, label) for name, label in zip(names, one.labels, strict=True)]
        return replace(one, labels=np.array(labels))

    def all_mended(rows: LabelledRows) -> LabelledRows:
        return LabelledRows(tuple(mended(one) for one in rows.partitions))

    sections = tuple(replace(one, rows=all_mended(one.rows)) for one in found.sections)
    return replace(found, newest=all_mended(found.newest), sections=sections)
