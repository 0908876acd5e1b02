"""Whether the column that names rows, or says when they happen, goes by another name now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.domain.finding import PLAINLY, Finding, Kind
from core.domain.model_config import ModelConfig
from core.ports import ObjectInfo, Objects
from functions.arrays import Sized, WordColumn
from functions.data.landed_objects import objects_of
from functions.data.partitions import Columns, read_partition
from functions.ml.checking.shapes import Looks, Shape, of_name, of_time

_OBJECTS: Final = 3  # of a partition: enough to tell, however many it has
_MOST_LOOKED_INTO: Final = 20  # added columns: a table that is another one altogether is no rename


@dataclass(frozen=True)
class Landed:
    """The objects of one partition."""

    partition: str
    prefix: str
    """Where it lies."""
    found: Sequence[ObjectInfo]


def with_renamed_roles(  # noqa: PLR0913, PLR0917 - what is missing, what is new, where to look
    findings: Sequence[Finding],
    new: Sequence[str],
    now: Landed,
    config: ModelConfig,
    before: str,
    objects: Objects,
) -> list[Finding]:
    """Say which new column looks like the key, or like the time of the event, if that is missing.

    They are no features, so nothing is kept of what they hold: a few objects of a trusted
    partition are read once more, and only when something is new where one of them is missing.

    Args:
        findings: of the partition.
        new: columns that no trusted partition had.
        now: the partition.
        config: names the two columns.
        before: a trusted partition.
        objects: the store.
    """
    told, data = list(findings), config.data
    taken = {finding.where for finding in findings if finding.kind is Kind.MISSING}
    new = [name for name in new if name not in taken]
    if not new or len(new) > _MOST_LOOKED_INTO:
        return told
    then = Landed(before, now.prefix, objects_of(now.prefix, before, objects, data.apart))
    of_now, lacks_time = _looks(now, new, of_name, data.event_time, objects)
    for place, finding in enumerate(told):
        if finding.kind is Kind.MISSING and finding.column == data.key:
            of_key, _ = _looks(then, [data.key], of_name, data.key, objects)
            naming = {name: looks for name, looks in of_now.items() if looks.names_rows}
            told[place] = _renamed(finding, "data.key", _closest(of_key.get(data.key), naming))
    if lacks_time and data.event_time not in {data.key, *config.columns}:
        of_time_then, _ = _looks(then, [data.event_time], of_time(before), data.key, objects)
        times, _ = _looks(now, new, of_time(now.partition), data.key, objects)
        likely = _closest(of_time_then.get(data.event_time), times)
        if likely is not None:  # else nobody needs it: it is told together with its new name only
            lost = Finding(column=data.event_time, kind=Kind.MISSING, score=PLAINLY)
            told.append(_renamed(lost, "data.event_time", likely))
    return told


def _renamed(finding: Finding, config_key: str, likely: str | None) -> Finding:
    if likely is None:
        return finding
    return finding.model_copy(update={"where": likely, "config_key": config_key})


def _looks(
    landed: Landed, names: Sequence[str], shape: Shape, besides: str, objects: Objects
) -> tuple[dict[str, Looks], bool]:
    """Look at columns of a few objects as texts, and say whether another one is missing there."""
    looks = {name: Looks(shape) for name in names}

    def take(part: Sized) -> None:
        for name, column in part.batch.items():
            if isinstance(column, WordColumn):
                looks[name].take(column)

    columns = Columns(besides, dict.fromkeys(names, "category"))
    reading = read_partition(landed.found[:_OBJECTS], columns, objects, take)
    return {n: one for n, one in looks.items() if one.rows}, besides in reading.missing


def _closest(before: Looks | None, now: Mapping[str, Looks]) -> str | None:
    if before is None:
        return None
    far = {name: before.apart(looks) for name, looks in now.items()}
    alike = sorted((apart, name) for name, apart in far.items() if apart is not None)
    return alike[0][1] if alike else None
