"""What a model's partitions are measured with and compared with: a ruler and a history on it."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, Self

import numpy as np

from functions.arrays import Hashes, Sized
from functions.ml.checking.looks import Looks
from functions.ml.checking.profile import Profile, Profiler
from functions.ml.checking.ruler import NumberRuler, Ruler
from functions.ml.checking.season import WINDOW
from functions.ml.checking.summary import Summary, close


class Trusted(Protocol):
    """All rows of one trusted partition."""

    @property
    def duplicates(self) -> float | None:
        """The share of rows whose key was there before, 0..1; `None` where rows have no key."""

    def each(self, take: Callable[[Sized], None]) -> None:
        """Hand over all its rows, a batch after another; can be asked again."""


@dataclass(frozen=True)
class Day:
    """Rows of one trusted partition that are held."""

    parts: Sequence[Sized]
    duplicates: float | None
    """See `Trusted`."""

    def each(self, take: Callable[[Sized], None]) -> None:
        """See `Trusted`."""
        for part in self.parts:
            take(part)


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

_WIDE = 1000  # columns: a year and more of them would not fit into the memory of a function
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
        names = tuple(name for name in self.partitions if name in partitions)
        return replace(self, partitions=names, summaries=self.summaries_of(names, {}))

    def summaries_of(self, names: Sequence[str], later: Mapping[str, Closed]) -> Summary:
        """Put partitions of it and later ones in an order; shape (names, ...).

        Args:
            names: at least one.
            later: by name, measured with the same ruler; they stand for those of the reference.
        """
        every, places = self.summaries, {name: i for i, name in enumerate(self.partitions)}
        if later:
            every = every.followed_by(Summary.stack([one.summary for one in later.values()]))
            places |= {name: i for i, name in enumerate(later, start=len(self.partitions))}
        wanted = [places[name] for name in names]
        return every if wanted == list(range(len(every))) else every[wanted]  # large: no copy

    def extended(self, later: Mapping[str, Closed]) -> Self:
        """Take in partitions that were measured with the same ruler; the oldest give way.

        Args:
            later: by name; one that is already there is replaced.
        """
        names = sorted({*self.partitions, *later})[-most_kept(self.ruler) :]
        known = [
            np.unique(np.concatenate([words, *(closed.unknown[i] for closed in later.values())]))
            for i, words in enumerate(self.known)
        ]
        summaries = self.summaries_of(names, later)
        return replace(self, partitions=tuple(names), summaries=summaries, known=tuple(known))


def most_kept(ruler: Ruler) -> int:
    """Say how many partitions of history are kept: of a wide table no year before."""
    return WINDOW if len(ruler.columns) > _WIDE else MOST


def learn(
    days: Mapping[str, Trusted], kinds: Mapping[str, str], sensitive: AbstractSet[str] = frozenset()
) -> Reference:
    """Learn a ruler from some partitions, then measure each of them with it.

    Args:
        days: at least one trusted partition by name, each with all columns.
        kinds: `number` or `category` of each column.
        sensitive: columns whose values no sentence may hold.
    """
    looks = Looks(kinds)
    for name in sorted(days):
        days[name].each(partial(looks.take, name))
    return learn_from(looks, days, sensitive)


def learn_from(
    looks: Looks, days: Mapping[str, Trusted], sensitive: AbstractSet[str] = frozenset()
) -> Reference:
    """Learn as `learn` does, from partitions that were looked at; others may have been as well."""
    names = sorted(days)
    ruler = looks.ruler(names, sensitive)
    nothing = [_NO_WORDS] * len(ruler.columns)
    summaries = Summary.stack([closed(days[name], ruler, nothing).summary for name in names])
    summaries.new[:] = looks.new(names)
    return Reference(ruler, tuple(names), summaries, (_NO_WORDS,) * len(ruler.columns))


def closed(day: Trusted, ruler: Ruler, known: Sequence[Hashes]) -> Closed:
    """Measure a partition with a ruler that was learned from others.

    Args:
        day: all its rows.
        ruler: what it is measured with.
        known: for each column, the words that earlier partitions had and the ruler does not know.
    """
    profiler = Profiler(ruler)
    day.each(profiler.take)
    return Closed.of(profiler.profile, known, day.duplicates)


_NO_WORDS: Hashes = np.zeros(0, dtype=np.uint64)
