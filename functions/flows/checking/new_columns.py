"""Columns that no trusted partition had, and whether one of them is a missing one, renamed."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Final, Literal

from core.domain.finding import Finding, Kind
from core.domain.model_config import ModelConfig
from core.domain.reading import Reading
from core.ports import ObjectInfo, Objects
from functions.data.partitions import Columns, read_partition
from functions.flows.checking.measure import watched
from functions.ml.checking.alike import Alikes
from functions.ml.checking.reference import Reference

_MOST_TOLD: Final = 100
_OBJECTS_LOOKED_INTO: Final = 3  # of a partition: enough to tell, however many it has
_MOST_LOOKED_INTO: Final = 20  # added columns: a table that is another one altogether is no rename


def added(
    reading: Reading, known: AbstractSet[str] | None, reference: Reference | None
) -> tuple[str, ...]:
    """Name the columns that no trusted partition had, the first hundred of them.

    Args:
        reading: of the partition.
        known: what trusted partitions had besides the columns of the config; `None` if unknown.
        reference: has the columns of the config by which it was learned; `None` before.
    """
    if known is None:
        return ()
    learned = reference.ruler.columns if reference else {}
    every = (name for name in reading.others if name not in known and name not in learned)
    return tuple(islice(every, _MOST_TOLD))


def with_new_names(  # noqa: PLR0913, PLR0917 - what is missing, what is new, and where to look
    findings: Sequence[Finding],
    new: Sequence[str],
    found: Sequence[ObjectInfo],
    config: ModelConfig,
    reference: Reference,
    objects: Objects,
) -> list[Finding]:
    """Say of each missing column which new one looks like it, if one does.

    Only then the new columns are read, in a few objects: what they hold is held against what the
    missing one held in trusted partitions.
    """
    missing = {finding.column for finding in findings if finding.kind is Kind.MISSING}
    names = [name for name in watched(config, reference.ruler) if name in missing]
    if not names or len(new) > _MOST_LOOKED_INTO:
        return list(findings)
    alike: list[tuple[float, str, str]] = []
    for columns, of_these in _ways_to_read(names, new, config):
        alikes = Alikes(of_these, reference)
        read_partition(found[:_OBJECTS_LOOKED_INTO], columns, objects, alikes.take)
        alike += alikes.found()
    renamed = _pairs(alike)
    return [
        finding.model_copy(update={"where": renamed[finding.column]})
        if finding.kind is Kind.MISSING and finding.column in renamed
        else finding
        for finding in findings
    ]


def _ways_to_read(
    names: Sequence[str], new: Sequence[str], config: ModelConfig
) -> Iterator[tuple[Columns, list[str]]]:
    """Read new columns as numbers where a number is missing, and hash what is sensitive there."""
    groups: dict[tuple[Literal["number", "category"], bool], list[str]] = {}
    for name in names:
        way = config.columns[name].type, name in config.sensitive
        groups.setdefault(way, []).append(name)
    for (kind, is_sensitive), of_these in groups.items():
        hidden = frozenset(new) if is_sensitive else frozenset()
        yield Columns(config.data.key, dict.fromkeys(new, kind), hidden), of_these


def _pairs(alike: Sequence[tuple[float, str, str]]) -> dict[str, str]:
    """Take each column once, the most alike first."""
    pairs: dict[str, str] = {}
    for _, name, one in sorted(alike):
        if name not in pairs and one not in pairs.values():
            pairs[name] = one
    return pairs
