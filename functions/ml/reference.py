"""What a model's partitions are measured with and compared with: a ruler and a history on it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from functions.arrays import Hashes, NumberColumn, Sized, WordColumn
from functions.ml.column_profile import MOST_FRESH
from functions.ml.hashing import hash_words
from functions.ml.profile import Profile, Profiler
from functions.ml.ruler import NumberRuler, Ruler, WordRuler, rule_numbers, rule_words
from functions.ml.summary import Summary, close


@dataclass(frozen=True)
class Day:
    """All rows of one trusted partition."""

    parts: Sequence[Sized]
    duplicates: float | None
    """The share of rows whose key was there before, 0..1; `None` where rows have no key."""


@dataclass(frozen=True)
class Closed:
    """One closed partition, and what later ones need to know of it."""

    summary: Summary
    unknown: tuple[Hashes, ...]
    """Of each column the words that the ruler does not know."""

    @classmethod
    def of(cls, profile: Profile, known: Sequence[Hashes], duplicates: float | None = None) -> Self:
        """Close a partition; see `close`."""
        unknown = tuple(hashes for hashes, _ in profile.fresh)
        return cls(close(profile, known, duplicates), unknown)


MOST = 420
"""Partitions of history that are kept: a year of days, and some weeks of the one before."""

_NEWEST = 14  # partitions that tell whether a ruler still fits
_MOST_BEYOND = 0.02  # of their rows


@dataclass(frozen=True)
class Reference:
    """A ruler, and what trusted partitions looked like on it."""

    ruler: Ruler
    partitions: tuple[str, ...]
    """Trusted ones, oldest first."""
    summaries: Summary
    """Shape (partitions, ...)."""
    known: tuple[Hashes, ...]
    """For each column, the words they had and the ruler does not know."""

    @property
    def fits(self) -> bool:
        """Whether the ruler still measures: few rows of the newest partitions lie beyond it."""
        newest, offsets = self.summaries[-_NEWEST:], self.ruler.offsets
        numbers = [
            i for i, rule in enumerate(self.ruler.columns.values()) if isinstance(rule, NumberRuler)
        ]
        beyond = newest.counts[:, offsets[numbers]] + newest.counts[:, offsets[1:][numbers] - 1]
        return bool((beyond.sum(axis=0) <= _MOST_BEYOND * newest.rows.sum()).all())

    def only(self, partitions: Sequence[str]) -> Self:
        """Keep some of the partitions, at least one."""
        which = [i for i, name in enumerate(self.partitions) if name in partitions]
        every = [self.summaries[i] for i in which]
        names = tuple(self.partitions[i] for i in which)
        return replace(self, partitions=names, summaries=Summary.stack(every))

    def extended(self, later: Mapping[str, Closed]) -> Self:
        """Take in partitions that were measured with the same ruler; the oldest give way.

        Args:
            later: by name; one that is already there is replaced.
        """
        there = {name: i for i, name in enumerate(self.partitions) if name not in later}
        names = sorted({*there, *later})[-MOST:]
        summaries = [
            later[name].summary if name in later else self.summaries[there[name]] for name in names
        ]
        known = [
            np.unique(np.concatenate([words, *(closed.unknown[i] for closed in later.values())]))
            for i, words in enumerate(self.known)
        ]
        return replace(
            self, partitions=tuple(names), summaries=Summary.stack(summaries), known=tuple(known)
        )


def learn(
    days: Mapping[str, Day], kinds: Mapping[str, str], sensitive: AbstractSet[str] = frozenset()
) -> Reference:
    """Learn a ruler from all rows of some partitions, then measure each of them with it.

    Args:
        days: at least one trusted partition by name, each with all columns.
        kinds: `number` or `category` of each column.
        sensitive: columns whose values no sentence may hold.
    """
    names = sorted(days)
    columns: dict[str, NumberRuler | WordRuler] = {}
    new: list[list[float]] = []
    for column, kind in kinds.items():
        taken = [[part.batch[column] for part in days[name].parts] for name in names]
        if kind == "number":
            rule: NumberRuler | WordRuler = _number_ruler(taken)
            new.append([0.0] * len(names))
        else:
            counted = [_counted(parts) for parts in taken]
            rule = _word_ruler(taken, counted)
            new.append(_of_one_partition(counted))
        columns[column] = replace(rule, is_sensitive=column in sensitive)
    ruler = Ruler.of(columns)
    nothing = [_NO_WORDS] * len(columns)
    summaries = Summary.stack([closed(days[name], ruler, nothing).summary for name in names])
    summaries.new[:] = np.array(new).T
    return Reference(ruler, tuple(names), summaries, (_NO_WORDS,) * len(columns))


def closed(day: Day, ruler: Ruler, known: Sequence[Hashes]) -> Closed:
    """Measure a partition with a ruler that was learned from others.

    Args:
        day: all its rows.
        ruler: what it is measured with.
        known: for each column, the words that earlier partitions had and the ruler does not know.
    """
    profiler = Profiler(ruler)
    for part in day.parts:
        profiler.take(part)
    return Closed.of(profiler.profile, known, day.duplicates)


_NO_WORDS: Hashes = np.zeros(0, dtype=np.uint64)


def _number_ruler(taken: Sequence[Sequence[NumberColumn | WordColumn]]) -> NumberRuler:
    values = [part.values for day in taken for part in day if isinstance(part, NumberColumn)]
    every = np.concatenate([np.zeros(0), *values])
    filled = every[~np.isnan(every)]
    return rule_numbers(filled, had_nulls=len(filled) < len(every))


def _word_ruler(
    taken: Sequence[Sequence[NumberColumn | WordColumn]], counted: Sequence[Counter[str]]
) -> WordRuler:
    parts = [part for day in taken for part in day if isinstance(part, WordColumn)]
    together: Counter[str] = Counter()
    for words in counted:
        together.update(words)
    had_nulls = any(bool((part.codes < 0).any()) for part in parts)
    return rule_words(together, hash_words(together), had_nulls=had_nulls)


def _counted(parts: Sequence[NumberColumn | WordColumn]) -> "Counter[str]":
    counts: Counter[str] = Counter()
    for part in parts:
        if isinstance(part, WordColumn):
            times = np.bincount(part.codes + 1, minlength=len(part.words) + 1)[1:]
            counts.update(dict(zip(part.words, times.tolist(), strict=True)))
    return counts


def _of_one_partition(counted: Sequence[Counter[str]]) -> list[float]:
    """Count the rows of each partition whose word no other one has: new words, one left out."""
    homes = Counter(word for words in counted for word in words)
    new = [{word: n for word, n in words.items() if homes[word] == 1} for words in counted]
    return [float(_as_profiled(words)) for words in new]


def _as_profiled(new: Mapping[str, int]) -> int:
    """Count the rows of new words as a profile does, which keeps so many of them and no more."""
    if len(new) <= MOST_FRESH:
        return sum(new.values())
    rows = np.array(list(new.values()), dtype=np.int64)
    return int(rows[np.argsort(hash_words(new))[:MOST_FRESH]].sum())
