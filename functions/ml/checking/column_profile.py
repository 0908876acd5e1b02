"""What one column of some rows looks like on its ruler, in as few passes as it takes."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np

from functions.arrays import Counts, Flags, Floats, Hashes, NumberColumn, WordColumn
from functions.ml.checking.hashing import (
    NO_NUMBER,
    hash_numbers,
    hash_words,
    mix,
    smallest,
    together,
)
from functions.ml.checking.ruler import NumberRuler, WordRuler, have_more_decimals

MOST_DISTINCT = 512
MOST_FRESH = 2000
HEAD_ROWS = 256
_SHORT_HEAD_ROWS = 64  # of a partition with fewer rows
_HEAD_DISTINCT = 8  # a head of fewer values repeats by itself


class Fact(IntEnum):
    """What is added up over the rows of a column."""

    NULLS = 0
    ZEROS = 1
    NEGATIVES = 2
    MINUS_ONES = 3
    FRACTIONS = 4
    """Values with more decimals than the ruler has."""
    TOTAL = 5
    SQUARES = 6
    LETTERS = 7
    PADDED = 8
    FOREIGN = 9
    UPPER = 10
    LOWER = 11


@dataclass(frozen=True)
class ColumnProfile:
    """One column of some rows."""

    facts: Floats
    """Shape (facts,)."""
    low: float
    high: float
    counts: Counts
    """Shape (bins,)."""
    total: np.uint64
    """The sum of the hashes of all values."""
    head: np.uint64
    """Of the first rows in their order; 0 where they say nothing."""
    distinct: Hashes
    """The smallest hashes of its values, rising."""
    fresh: tuple[Hashes, Counts]
    """The words that the ruler does not know, and how often they occur."""

    def followed_by(self, later: Self) -> Self:
        """Put the rows of two blocks together; the head is that of this one."""
        return type(self)(
            facts=self.facts + later.facts,
            low=min(self.low, later.low),
            high=max(self.high, later.high),
            counts=self.counts + later.counts,
            total=np.array([self.total, later.total]).sum(dtype=np.uint64),
            head=self.head,
            distinct=smallest(np.concatenate([self.distinct, later.distinct]), MOST_DISTINCT),
            fresh=together(self.fresh, later.fresh, MOST_FRESH),
        )


NOTHING_FRESH = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))


def profile_column(
    column: NumberColumn | WordColumn | None, rows: int, rule: NumberRuler | WordRuler
) -> tuple[ColumnProfile, Hashes]:
    """Profile a column; one that is missing, or of another type, counts as all null.

    Returns:
        the profile, and shape (rows,): the hash of each value; empty for a missing column.
    """
    if isinstance(rule, NumberRuler) and isinstance(column, NumberColumn):
        return _of_numbers(column.values, rule)
    if isinstance(rule, WordRuler) and isinstance(column, WordColumn):
        return _of_words(column, rule)
    facts = np.zeros(len(Fact))
    facts[Fact.NULLS] = rows
    none, zero = np.zeros(0, dtype=np.uint64), np.uint64(0)
    counts = np.zeros(rule.bins, dtype=np.int64)
    return ColumnProfile(facts, np.inf, -np.inf, counts, zero, zero, none, NOTHING_FRESH), none


def _of_numbers(values: Floats, rule: NumberRuler) -> tuple[ColumnProfile, Hashes]:
    facts = np.zeros(len(Fact))
    hashes = hash_numbers(values)
    rising = values[~np.isnan(values)]
    facts[Fact.NULLS] = len(values) - len(rising)
    facts[Fact.FRACTIONS] = np.count_nonzero(_finer(rising, rule.decimals))
    rising.sort()  # what follows is looked up in the sorted values, not counted over all of them
    facts[Fact.NEGATIVES] = rising.searchsorted(0.0)
    facts[Fact.ZEROS] = rising.searchsorted(0.0, side="right") - facts[Fact.NEGATIVES]
    facts[Fact.MINUS_ONES] = rising.searchsorted(-1.0, side="right") - rising.searchsorted(-1.0)
    facts[Fact.TOTAL], facts[Fact.SQUARES] = _moments(rising, rule)
    ends = rising.searchsorted(rule.edges)
    profile = ColumnProfile(
        facts=facts,
        low=float(rising[0]) if len(rising) else np.inf,
        high=float(rising[-1]) if len(rising) else -np.inf,
        counts=np.diff(ends, prepend=0, append=len(rising)),
        total=hashes.sum(dtype=np.uint64),
        head=_head(hashes),
        distinct=_without(NO_NUMBER, smallest(hashes, MOST_DISTINCT + 1)),
        fresh=NOTHING_FRESH,
    )
    return profile, hashes


def _finer(values: Floats, decimals: int) -> Flags:
    """Say which values are no whole numbers, or have more decimals than those that were learned."""
    if decimals:
        return have_more_decimals(values, decimals)
    return np.asarray(values != np.rint(values))


def _moments(rising: Floats, rule: NumberRuler) -> tuple[float, float]:
    """Sum standardised values and their squares; those out of reach count as its end."""
    below = int(rising.searchsorted(rule.reach[0]))
    above = int(rising.searchsorted(rule.reach[1], side="right"))
    inside = (rising[below:above] - rule.centre) / rule.unit
    total, squares = float(inside.sum()), float(np.square(inside).sum())
    for rows, end in ((below, rule.reach[0]), (len(rising) - above, rule.reach[1])):
        if rows:
            standard = (end - rule.centre) / rule.unit
            total, squares = total + rows * standard, squares + rows * standard**2
    return total, squares


def _of_words(column: WordColumn, rule: WordRuler) -> tuple[ColumnProfile, Hashes]:
    facts = np.zeros(len(Fact))
    times = np.bincount(column.codes + 1, minlength=len(column.words) + 1)
    facts[Fact.NULLS], of_words = times[0], times[1:]
    for fact, share in _LOOKS.items():
        facts[fact] = sum(
            share(word) * rows for word, rows in zip(column.words, of_words, strict=True)
        )
    place = {word: at for at, word in enumerate(rule.words)}
    at = np.array([place.get(word, len(rule.words)) for word in column.words], dtype=np.int64)
    hashed = hash_words(column.words)
    hashes = np.append(hashed, np.uint64(0))[column.codes]
    profile = ColumnProfile(
        facts=facts,
        low=np.inf,
        high=-np.inf,
        counts=np.bincount(at, weights=of_words, minlength=rule.bins).astype(np.int64),
        total=hashes.sum(dtype=np.uint64),
        head=_head(hashes),
        distinct=smallest(hashed[of_words > 0], MOST_DISTINCT),
        fresh=_fresh(hashed, of_words, rule),
    )
    return profile, hashes


_LOOKS = {
    Fact.LETTERS: len,
    Fact.PADDED: lambda word: word != word.strip(),
    Fact.FOREIGN: lambda word: not word.isascii(),
    Fact.UPPER: str.isupper,
    Fact.LOWER: str.islower,
}


def _fresh(hashed: Hashes, times: Counts, rule: WordRuler) -> tuple[Hashes, Counts]:
    unknown = ~np.isin(hashed, rule.hashes, assume_unique=True) & (times > 0)
    return together((hashed[unknown], times[unknown]), NOTHING_FRESH, MOST_FRESH)


def _without(value: np.uint64, rising: Hashes) -> Hashes:
    return np.asarray(rising[rising != value][:MOST_DISTINCT])


def _head(hashes: Hashes) -> np.uint64:
    head = hashes[: HEAD_ROWS if len(hashes) >= HEAD_ROWS else _SHORT_HEAD_ROWS]
    if len(head) < _SHORT_HEAD_ROWS or len(smallest(head, _HEAD_DISTINCT)) < _HEAD_DISTINCT:
        return np.uint64(0)
    places = np.arange(len(head), dtype=np.uint64)
    return np.uint64(mix(head + places).sum(dtype=np.uint64))
