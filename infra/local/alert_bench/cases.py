"""The protocol: which partitions are checked, natural and spoiled; the same ones for one seed."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from infra.local.alert_bench.case_folder import NATURAL, Case, CaseFolder, Manifest
from infra.local.alert_bench.corruptions.kinds import GROUPS, KINDS, Group, kinds_of
from infra.local.alert_bench.corruptions.situation import CannotApply, Corrupted, Situation
from infra.local.alert_bench.data_sets import DataSet

WARM_UP: Final = 30
MOST_PLACES: Final = 60


@dataclass
class Deck:
    """A group's kinds, dealt in random order until each has had its turn, then shuffled again."""

    group: Group
    chance: np.random.Generator
    _left: list[str] = field(default_factory=list)

    def deal(self, situation: Situation) -> tuple[str, Corrupted] | None:
        """Spoil a partition by the next kind that can; `None` when none of the group can."""
        kinds = kinds_of(self.group)
        for _ in range(len(kinds) + 1):  # one more: the deck may be shuffled on the way
            if not self._left:
                self._left = [kinds[place] for place in self.chance.permutation(len(kinds))]
            kind = self._left.pop()
            try:
                return kind, KINDS[kind].apply(situation)
            except CannotApply:
                continue
        return None


def places(partitions: int, most: int = MOST_PLACES) -> list[int]:
    """Return which partitions are checked: evenly spaced after the warm-up, the last included."""
    count = min(most, partitions - WARM_UP)
    return [round(place) for place in np.linspace(WARM_UP, partitions - 1, count)]


def spoil(data_set: DataSet, seed: int, most: int) -> Iterator[tuple[Case, pd.DataFrame]]:
    """Yield the natural partition of each place, then a spoiled one of each group."""
    chance = np.random.default_rng([seed, zlib.crc32(data_set.name.encode())])
    decks = [Deck(group, chance) for group in GROUPS]
    for at in places(len(data_set.keys), most):
        key, partition = data_set.keys[at], data_set.partitions[at]
        yield Case(data_set.name, at, key, NATURAL, NATURAL, ()), partition
        for deck in decks:
            dealt = deck.deal(Situation(partition, data_set.partitions[:at], chance))
            if dealt is not None:
                kind, corrupted = dealt
                case = Case(data_set.name, at, key, deck.group, kind, corrupted.columns)
                yield case, corrupted.partition.reset_index(drop=True)


def make_cases(
    data_sets: list[DataSet], path: Path, seed: int, most: int = MOST_PLACES
) -> Manifest:
    """Write all cases of some data sets into a folder.

    The hash covers what the cases hold, as it is read back, and the partitions before them: it
    says whether two results come from the same cases.
    """
    folder = CaseFolder(path)
    cases: list[Case] = []
    seen = blake2b(digest_size=8)
    for data_set in data_sets:
        named = list(zip(data_set.keys, data_set.partitions, strict=True))
        folder.write_partitions(data_set.name, named)
        for key, partition in folder.partitions(data_set.name):
            seen.update(f"{data_set.name} {key}".encode() + _content(partition))
        for case, partition in spoil(data_set, seed, most):
            cases.append(case)
            if case.group != NATURAL:
                seen.update(repr(case).encode() + _content(folder.write(case, partition)))
    manifest = Manifest(seed, seen.hexdigest(), tuple(cases))
    folder.write_manifest(manifest)
    return manifest


def _content(partition: pd.DataFrame) -> bytes:
    """Digest values, names and kinds of columns; the bytes of a file differ by writer."""
    kinds = " ".join(f"{name}:{column.dtype.kind}" for name, column in partition.items())
    rows = pd.util.hash_pandas_object(partition, index=False).to_numpy()
    return kinds.encode() + rows.tobytes()
