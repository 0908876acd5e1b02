"""Which of the places that hold partitions are features, labels and predictions; a few are read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from core.domain.data_config import Complete, Side
from core.domain.errors import BadData, NotThere, Refusal
from core.domain.partition import format_of
from core.ports import ObjectInfo, Objects
from functions.data.object_tables import UnreadableObject
from infra.local.first_config.columns import ColumnSeen, columns_seen
from infra.local.first_config.first_rows import first_rows
from infra.local.first_config.goals import has_classes
from infra.local.first_config.place import Landed, Place, spread
from infra.local.first_config.rules import score_candidates, target_candidates

_SAMPLED: Final = 5  # partitions
_FILES: Final = 2  # of each of them
_LARGEST_BYTES: Final = 256 * 1024**2  # a larger file is read only where there is no smaller one
_MOST_PLACES: Final = 20
_NAMED: Final[dict[Side, frozenset[str]]] = {
    "features": frozenset({"features", "feature", "inputs", "input", "x"}),
    "labels": frozenset({"labels", "label", "targets", "target", "outcomes", "truth", "y"}),
    "predictions": frozenset({"predictions", "prediction", "scores", "preds", "scored"}),
}


class SeveralModels(Refusal):
    """What lies there belongs to more than one model."""

    def __init__(self, shown: str, places: Sequence[str]) -> None:
        some = ", ".join(places[:5]) + (" …" if len(places) > 5 else "")  # noqa: PLR2004 - a line
        super().__init__(
            f"Below {shown} lie features of {len(places)} models ({some}): name the folder of one."
        )


class NoFeatures(BadData):
    """There are partitions, but none that could be features."""

    def __init__(self, shown: str, places: Sequence[str]) -> None:
        found = ", ".join(places)
        super().__init__(f"Below {shown} there are no features, only {found}.")


class NothingReadable(BadData):
    """Not one of the files that were tried can be read."""

    def __init__(self, prefix: str, files: Sequence[str]) -> None:
        more = f", nor are {len(files) - 1} more what their names say" if len(files) > 1 else ""
        said = format_of(files[0])
        utf_8 = "" if said == "Parquet" else " It has to be written in UTF-8."
        super().__init__(
            f"Nothing under {prefix} can be read: {files[0]} is no {said}{more}.{utf_8}"
        )


@dataclass(frozen=True)
class Looked:
    """One place, and what a few of its partitions hold."""

    prefix: str
    partitions: tuple[str, ...]
    """All that landed, oldest first."""
    read: tuple[str, ...]
    """Those that were read."""
    columns: list[ColumnSeen]
    rows: int
    """Of a usual partition among these, as far as its files were looked at."""
    unreadable: tuple[str, ...] = ()
    """Files that are not what their names say."""
    complete: Complete = field(default_factory=Complete)
    """What shows in each of its partitions that it is complete."""


@dataclass(frozen=True)
class Sides:
    """What belongs to one model."""

    features: Looked
    labels: Looked | None = None
    predictions: Looked | None = None
    unused: list[str] = field(default_factory=list)
    """Prefixes of other partitions that lie there."""
    is_whole: bool = True
    """Whether all that lies there was listed."""


def look(place: Place) -> Sides:
    """Find the partitions of one model and read a few of them.

    Raises:
        NothingThere, NoFeatures, NothingReadable, SeveralModels: a config cannot be proposed.
    """
    listing = place.listing()
    landed = listing.landed
    named = [_side_and_rest(found.prefix) for found in landed]
    of_features = [
        found.prefix for found, (side, _) in zip(landed, named, strict=True) if side == "features"
    ]
    if len(of_features) > 1 or len(landed) > _MOST_PLACES:
        raise SeveralModels(place.shown, of_features or [found.prefix for found in landed])
    every = [_read(found, place.objects) for found in landed]
    features = _features(every, [side for side, _ in named], place)
    rest = dict(zip((one.prefix for one in every), named, strict=True))
    others = [one for one in every if one is not features]
    labels = _other("labels", features, others, rest)
    others = [one for one in others if one is not labels]
    predictions = _other("predictions", features, others, rest)
    unused = [one.prefix for one in others if one is not predictions]
    return Sides(features, labels, predictions, unused, listing.is_whole)


def _side_and_rest(prefix: str) -> tuple[Side | None, tuple[str, ...]]:
    """Read a side off a prefix, and what is left of it names the model."""
    parts = prefix.split("/")
    for i in reversed(range(len(parts))):
        for side, names in _NAMED.items():
            if parts[i].lower() in names:
                return side, (*parts[:i], *parts[i + 1 :])
    return None, tuple(parts)


def _features(every: Sequence[Looked], sides: Sequence[Side | None], place: Place) -> Looked:
    """Take what is named so, or else the widest of what is named nothing."""
    fits = [one for one, side in zip(every, sides, strict=True) if side == "features"]
    fits = fits or [one for one, side in zip(every, sides, strict=True) if side is None]
    if not fits:
        raise NoFeatures(place.shown, [one.prefix for one in every])
    features = max(fits, key=lambda one: len(one.columns))
    if not features.columns:
        raise NothingReadable(features.prefix, features.unreadable)
    return features


def _other(
    side: Side,
    features: Looked,
    others: Sequence[Looked],
    named: dict[str, tuple[Side | None, tuple[str, ...]]],
) -> Looked | None:
    """Find the labels or the predictions that go with the features: by name, or by content."""
    model = named[features.prefix][1]
    by_name = [one for one in others if named[one.prefix][0] == side]
    of_model = [one for one in by_name if named[one.prefix][1] == model]
    if of_model or len(by_name) == 1:
        return (of_model or by_name)[0]
    fits = [one for one in others if named[one.prefix][0] is None and _goes_with(one, features)]
    for one in fits:
        found = (
            _has_target(one, features) if side == "labels" else bool(score_candidates(one.columns))
        )
        if found:
            return one
    return None


def _has_target(one: Looked, features: Looked) -> bool:
    """Say whether a column can be labels; a number alone may as well be what was predicted."""
    known = {column.name for column in features.columns}
    has_classes_of_its_own = any(has_classes(c) for c in one.columns if c.name not in known)
    return bool(target_candidates(one.columns, features.columns)) or has_classes_of_its_own


def _goes_with(one: Looked, features: Looked) -> bool:
    """Say whether a column names the rows of both."""
    unique = {column.name for column in one.columns if column.is_unique}
    return any(column.name in unique and column.is_unique for column in features.columns)


def _read(landed: Landed, objects: Objects) -> Looked:
    tables: dict[str, pa.Table] = {}
    unreadable: list[str] = []
    for day in spread(list(landed.partitions), _SAMPLED):
        parts = list[pa.Table]()
        for stored in _small(landed.partitions[day]):
            try:
                parts.append(first_rows(stored.key, objects))
            except (UnreadableObject, NotThere):
                unreadable.append(stored.key)
        if parts:
            tables[day] = max(parts, key=len)
    columns = columns_seen(tables) if tables else []
    rows = sorted(table.num_rows for table in tables.values())
    return Looked(
        landed.prefix,
        tuple(landed.partitions),
        tuple(tables),
        columns,
        rows[len(rows) // 2] if rows else 0,
        tuple(unreadable),
        landed.complete,
    )


def _small(found: Sequence[ObjectInfo]) -> list[ObjectInfo]:
    small = [stored for stored in found if stored.size_bytes <= _LARGEST_BYTES][:_FILES]
    return small or [min(found, key=lambda stored: stored.size_bytes)]
