"""A first look at trusted partitions, before there is a ruler: a sample of rows, and all words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from functions.arrays import (
    Block,
    Counts,
    Flags,
    Floats,
    Hashes,
    NumberColumn,
    Sized,
    WordColumn,
)
from functions.ml.checking.column_profile import MOST_FRESH
from functions.ml.checking.hashing import hash_words, mix
from functions.ml.checking.ruler import (
    NumberRuler,
    Ruler,
    WordRuler,
    decimals_of,
    rule_numbers,
    rule_words,
)

_MOST_VALUES: Final = 2**25  # numbers that are held: a quarter of a GiB
_MOST_APART: Final = 2**20  # words that are held before those of one partition are put together
_ONE_IN: Final = 6  # partitions may be spoiled: what more of them show is how the table is
_FEWEST: Final = 11  # partitions: of fewer nobody knows which are


def most_spoiled(partitions: int) -> int:
    """Say how many partitions of a window may be spoiled.

    >>> most_spoiled(10), most_spoiled(28), most_spoiled(30)
    (0, 4, 5)
    """
    return partitions // _ONE_IN if partitions >= _FEWEST else 0


@dataclass
class _Look:
    """What is kept of one partition."""

    rows: int = 0
    places: Hashes = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    """Of the rows of which numbers are kept."""
    numbers: defaultdict[str, list[Floats]] = field(default_factory=lambda: defaultdict(list))
    """Not-a-number where there is none."""
    lows: dict[str, float] = field(default_factory=dict)
    highs: dict[str, float] = field(default_factory=dict)
    nulls: set[str] = field(default_factory=set)
    words: defaultdict[str, list[tuple[Hashes, Counts]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Hashes of words, and how often each occurs."""

    def thinned(self, is_kept: Flags) -> None:
        """Keep some of the rows that were kept."""
        self.places = self.places[is_kept]
        for name, parts in self.numbers.items():
            self.numbers[name] = [np.concatenate(parts)[is_kept]]


class Looks:
    """Looks at partitions one after another; holds no more rows of them than a ruler needs.

    As long as all their numbers can be held every row counts; then one in two, in four and so on,
    chosen by its place alone. The smallest and the largest number, nulls and words are those of
    all rows. Each different word is held once, and eight bytes and a count for each partition.
    """

    def __init__(self, kinds: Mapping[str, str], most_values: int = _MOST_VALUES) -> None:
        """Look at these columns, each a `number` or a `category`."""
        self._kinds = kinds
        self._numbers = [name for name, kind in kinds.items() if kind == "number"]
        self._most_rows = most_values // max(len(self._numbers), 1)
        self._one_in = 1
        self._looks: dict[str, _Look] = {}
        self._known: dict[str, dict[int, str]] = {name: {} for name in kinds}

    def take(self, partition: str, part: Sized) -> None:
        """Look at the rows of one batch of a partition."""
        look = self._looks.setdefault(partition, _Look())
        self._make_room(part.rows)
        met: set[str] = set()
        for block in part.blocks():
            is_kept = self._is_kept(self._places(look.rows + block.begins, block.rows))
            met |= block.batch.keys()
            self._take_block(look, block, is_kept)
        places = self._places(look.rows, part.rows)
        places = places[self._is_kept(places)]
        for name in set(self._numbers) - met:
            look.numbers[name].append(np.full(len(places), np.nan))
        look.places = np.concatenate([look.places, places])
        look.rows += part.rows

    def forget(self, partition: str) -> None:
        """Leave out a partition."""
        self._looks.pop(partition, None)

    def ruler(self, partitions: Sequence[str], sensitive: AbstractSet[str]) -> Ruler:
        """Learn how to measure from some of the partitions."""
        looks = [self._looks[name] for name in partitions]
        columns: dict[str, NumberRuler | WordRuler] = {}
        for name, kind in self._kinds.items():
            rule = (_number_ruler if kind == "number" else self._word_ruler)(name, looks)
            columns[name] = replace(rule, is_sensitive=name in sensitive)
        return Ruler.of(columns)

    def new(self, partitions: Sequence[str]) -> Floats:
        """Count the rows of each partition whose word no other one has: new words, one left out.

        No more words of one partition are counted than a profile keeps.

        Returns:
            shape (partitions, columns).
        """
        found = np.zeros((len(partitions), len(self._kinds)))
        for at, name in enumerate(self._kinds):
            words = [_put_together(self._looks[one].words[name]) for one in partitions]
            every = np.concatenate([_NO_HASHES, *(hashes for hashes, _ in words)])
            different, homes = np.unique(every, return_counts=True)
            for i, (hashes, times) in enumerate(words):
                is_new = homes[np.searchsorted(different, hashes)] == 1
                found[i, at] = times[is_new][:MOST_FRESH].sum()
        return found

    def _take_block(self, look: _Look, block: Block, is_kept: Flags) -> None:
        for name in block.batch.keys() & self._kinds.keys():
            column = block.batch[name]
            if isinstance(column, NumberColumn):
                _take_numbers(look, name, column.values, is_kept)
            else:
                self._take_words(look, name, column)

    def _take_words(self, look: _Look, name: str, column: WordColumn) -> None:
        times = np.bincount(column.codes + 1, minlength=len(column.words) + 1)
        if times[0]:
            look.nulls.add(name)
        hashes = hash_words(column.words)
        self._known[name].update(zip(hashes.tolist(), column.words, strict=True))
        kept = look.words[name]
        kept.append((hashes, times[1:]))
        if sum(len(some) for some, _ in kept) > _MOST_APART:
            look.words[name] = [_put_together(kept)]

    def _word_ruler(self, name: str, looks: Sequence[_Look]) -> WordRuler:
        hashes, times = _put_together([part for look in looks for part in look.words[name]])
        known = self._known[name]
        counts = {known[h]: n for h, n in zip(hashes.tolist(), times.tolist(), strict=True)}
        return rule_words(counts, hashes, had_nulls=any(name in look.nulls for look in looks))

    def _make_room(self, rows: int) -> None:
        kept = sum(len(look.places) for look in self._looks.values())
        while kept + rows // self._one_in > self._most_rows and self._one_in < rows + kept:
            self._one_in *= 2
            for look in self._looks.values():
                look.thinned(self._is_kept(look.places))
            kept = sum(len(look.places) for look in self._looks.values())

    def _places(self, begins: int, rows: int) -> Hashes:
        return np.arange(begins, begins + rows, dtype=np.uint64)

    def _is_kept(self, places: Hashes) -> Flags:
        if self._one_in == 1:
            return np.ones(len(places), dtype=bool)
        return np.asarray(mix(places) % np.uint64(self._one_in) == 0)


_NO_HASHES: Final = np.zeros(0, dtype=np.uint64)


def _take_numbers(look: _Look, name: str, values: Floats, is_kept: Flags) -> None:
    look.numbers[name].append(values[is_kept])
    filled = values[~np.isnan(values)]
    if len(filled) < len(values):
        look.nulls.add(name)
    look.lows[name] = min(look.lows.get(name, np.inf), float(filled.min(initial=np.inf)))
    look.highs[name] = max(look.highs.get(name, -np.inf), float(filled.max(initial=-np.inf)))


def _number_ruler(name: str, looks: Sequence[_Look]) -> NumberRuler:
    every = np.concatenate([np.zeros(0), *(part for look in looks for part in look.numbers[name])])
    low = min((look.lows.get(name, np.inf) for look in looks), default=np.inf)
    high = max((look.highs.get(name, -np.inf) for look in looks), default=-np.inf)
    return rule_numbers(
        every[~np.isnan(every)],
        decimals=_usual_decimals(name, looks),
        had_nulls=any(name in look.nulls for look in looks),
        ends=(low, high) if low <= high else None,
    )


def _usual_decimals(name: str, looks: Sequence[_Look]) -> int:
    """Say how many decimals values have, as all but the few partitions with most of them show."""
    of_each = []
    for look in looks:
        values = np.concatenate([np.zeros(0), *look.numbers[name]])
        of_each.append(decimals_of(values[~np.isnan(values)]))
    return sorted(of_each)[-1 - most_spoiled(len(looks))]


def _put_together(parts: Sequence[tuple[Hashes, Counts]]) -> tuple[Hashes, Counts]:
    """Sum up how often words occur; without those that only the dictionary of a batch has."""
    every = np.concatenate([_NO_HASHES, *(hashes for hashes, _ in parts)])
    times = np.concatenate([np.zeros(0, dtype=np.int64), *(counts for _, counts in parts)])
    hashes, places = np.unique(every[times > 0], return_inverse=True)
    summed = np.bincount(places, weights=times[times > 0], minlength=len(hashes))
    return hashes, summed.astype(np.int64)
