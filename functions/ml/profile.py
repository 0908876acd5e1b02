"""What objects of a partition look like, in one pass over their rows; profiles can be merged."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from functions.arrays import (
    Batch,
    Counts,
    Floats,
    Hashes,
    NumberColumn,
    Sized,
    WordColumn,
)
from functions.ml.hashing import (
    hash_numbers,
    hash_words,
    mix,
    smallest,
    smallest_counted,
    together,
)
from functions.ml.ruler import NumberRuler, Ruler, WordRuler

MOST_DISTINCT = 512
MOST_ROWS_SAMPLED = 2048
MOST_FRESH = 2000
HEAD_ROWS = 256
_SHORT_HEAD_ROWS = 64  # of a partition with fewer rows
_HEAD_DISTINCT = 8  # a head of fewer values repeats by itself
_ROWS_RELATED = 16_384  # of one batch: relations need no more


class Fact(IntEnum):
    """What is added up over the rows of a column."""

    NULLS = 0
    ZEROS = 1
    NEGATIVES = 2
    MINUS_ONES = 3
    FRACTIONS = 4
    TOTAL = 5
    SQUARES = 6
    LETTERS = 7
    PADDED = 8
    FOREIGN = 9
    UPPER = 10
    LOWER = 11


@dataclass(frozen=True)
class Profile:
    """What some rows look like on a ruler; arrays have one entry for each of its columns.

    Counts merge exactly, sums to rounding, and the numbers of distinct values within 5 %.
    """

    rows: int
    facts: Floats
    """Shape (columns, facts)."""
    lows: Floats
    """Shape (columns,): infinite where there is no value."""
    highs: Floats
    counts: Counts
    """Shape (all bins,), column after column as `Ruler.offsets` says."""
    sums: Hashes
    """Shape (columns,): of the hashes of all values, whatever their order."""
    heads: Hashes
    """Shape (columns,): of the first rows in their order; 0 where they say nothing."""
    distinct: tuple[Hashes, ...]
    """For each column its smallest hashes."""
    fresh: tuple[tuple[Hashes, Counts], ...]
    """For each column the words that the ruler does not know, and how often they occur."""
    sample: tuple[Hashes, Counts]
    """The smallest hashes of whole rows, and how often each occurs."""
    products: Floats
    """Shape (related + 1, related + 1): sums over rows of products of what is related, and 1."""
    related_rows: int


def profile_batch(batch: Batch, rows: int, ruler: Ruler) -> Profile:
    """Profile the rows of one batch; a column that is missing in it counts as all null."""
    size = len(ruler.columns)
    facts = np.zeros((size, len(Fact)))
    lows, highs = np.full(size, np.inf), np.full(size, -np.inf)
    counts = np.zeros(ruler.offsets[-1], dtype=np.int64)
    sums, heads = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.uint64)
    distinct: list[Hashes] = []
    fresh: list[tuple[Hashes, Counts]] = []
    of_rows = np.zeros(rows, dtype=np.uint64)
    for i, (name, rule) in enumerate(ruler.columns.items()):
        column = batch.get(name)
        of_column = counts[ruler.offsets[i] : ruler.offsets[i + 1]]
        if isinstance(rule, NumberRuler) and isinstance(column, NumberColumn):
            lows[i], highs[i] = _add_numbers(column.values, rule, facts[i], of_column)
            hashes = hash_numbers(column.values)
            filled = hashes[~np.isnan(column.values)]
            fresh.append(_NONE)
        elif isinstance(rule, WordRuler) and isinstance(column, WordColumn):
            of_words = hash_words(column.words)
            _add_words(column, rule, facts[i], of_column)
            hashes = np.append(of_words, np.uint64(0))[column.codes]
            filled = of_words
            fresh.append(_fresh(column, of_words, rule))
        else:
            facts[i, Fact.NULLS] = rows
            hashes = filled = np.zeros(0, dtype=np.uint64)
            fresh.append(_NONE)
        distinct.append(smallest(filled, MOST_DISTINCT))
        if len(hashes):
            sums[i] = hashes.sum(dtype=np.uint64)
            heads[i] = _head(hashes)
            of_rows += hashes * np.uint64(2 * i + 1)
    products, related_rows = _products(batch, rows, ruler)
    return Profile(
        rows=rows,
        facts=facts,
        lows=lows,
        highs=highs,
        counts=counts,
        sums=sums,
        heads=heads,
        distinct=tuple(distinct),
        fresh=tuple(fresh),
        sample=smallest_counted(mix(of_rows), MOST_ROWS_SAMPLED),
        products=products,
        related_rows=related_rows,
    )


class Profiler:
    """Takes batches one after another and profiles them together; holds none of their rows."""

    def __init__(self, ruler: Ruler) -> None:
        self._ruler = ruler
        self.profile = profile_batch({}, 0, ruler)
        """Of what was taken so far."""

    def take(self, part: Sized) -> None:
        """Add the rows of one batch."""
        self.profile = merge(self.profile, profile_batch(part.batch, part.rows, self._ruler))


def merge(first: Profile, second: Profile) -> Profile:
    """Put two profiles on the same ruler together; the first is that of earlier rows."""
    pairs = zip(first.distinct, second.distinct, strict=True)
    unknown = zip(first.fresh, second.fresh, strict=True)
    return Profile(
        rows=first.rows + second.rows,
        facts=first.facts + second.facts,
        lows=np.minimum(first.lows, second.lows),
        highs=np.maximum(first.highs, second.highs),
        counts=first.counts + second.counts,
        sums=first.sums + second.sums,
        heads=first.heads if first.rows else second.heads,
        distinct=tuple(smallest(np.concatenate(pair), MOST_DISTINCT) for pair in pairs),
        fresh=tuple(together(a, b, MOST_FRESH) for a, b in unknown),
        sample=together(first.sample, second.sample, MOST_ROWS_SAMPLED),
        products=first.products + second.products,
        related_rows=first.related_rows + second.related_rows,
    )


_NONE = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))


def _add_numbers(
    values: Floats, rule: NumberRuler, facts: Floats, counts: Counts
) -> tuple[float, float]:
    filled = values[~np.isnan(values)]
    facts[Fact.NULLS] = len(values) - len(filled)
    if not len(filled):
        return np.inf, -np.inf
    facts[Fact.ZEROS] = np.count_nonzero(filled == 0)
    facts[Fact.NEGATIVES] = np.count_nonzero(filled < 0)
    facts[Fact.MINUS_ONES] = np.count_nonzero(filled == -1)
    facts[Fact.FRACTIONS] = np.count_nonzero(filled != np.rint(filled))
    standard = rule.standardise(filled)
    facts[Fact.TOTAL] = standard.sum()
    facts[Fact.SQUARES] = np.square(standard).sum()
    filled.sort()
    ends = np.searchsorted(filled, rule.edges, side="left")
    counts += np.diff(ends, prepend=0, append=len(filled))
    return float(filled[0]), float(filled[-1])


def _add_words(column: WordColumn, rule: WordRuler, facts: Floats, counts: Counts) -> None:
    times = np.bincount(column.codes + 1, minlength=len(column.words) + 1)
    facts[Fact.NULLS], of_words = times[0], times[1:]
    for fact, share in _LOOKS.items():
        facts[fact] = sum(
            share(word) * rows for word, rows in zip(column.words, of_words, strict=True)
        )
    place = {word: at for at, word in enumerate(rule.words)}
    at = np.array([place.get(word, len(rule.words)) for word in column.words], dtype=np.int64)
    counts += np.bincount(at, weights=of_words, minlength=rule.bins).astype(np.int64)


_LOOKS = {
    Fact.LETTERS: len,
    Fact.PADDED: lambda word: word != word.strip(),
    Fact.FOREIGN: lambda word: not word.isascii(),
    Fact.UPPER: str.isupper,
    Fact.LOWER: str.islower,
}


def _fresh(column: WordColumn, hashes: Hashes, rule: WordRuler) -> tuple[Hashes, Counts]:
    times = np.bincount(column.codes + 1, minlength=len(column.words) + 1)[1:]
    unknown = ~np.isin(hashes, rule.hashes, assume_unique=True) & (times > 0)
    return together((hashes[unknown], times[unknown]), _NONE, MOST_FRESH)


def _head(hashes: Hashes) -> np.uint64:
    head = hashes[: HEAD_ROWS if len(hashes) >= HEAD_ROWS else _SHORT_HEAD_ROWS]
    if len(head) < _SHORT_HEAD_ROWS or len(smallest(head, _HEAD_DISTINCT)) < _HEAD_DISTINCT:
        return np.uint64(0)
    places = np.arange(len(head), dtype=np.uint64)
    return np.uint64(mix(head + places).sum(dtype=np.uint64))


def _products(batch: Batch, rows: int, ruler: Ruler) -> tuple[Floats, int]:
    step = max(1, -(-rows // _ROWS_RELATED))
    taken = slice(None, None, step)
    size = len(range(rows)[taken])
    design = np.zeros((len(ruler.related) + 1, size))
    design[-1] = 1.0
    for row, (name, what) in zip(design, ruler.related, strict=False):
        column, rule = batch.get(name), ruler.columns[name]
        if isinstance(column, NumberColumn) and isinstance(rule, NumberRuler):
            values = column.values[taken]
            is_null = np.isnan(values)
            row[:] = is_null if what is not None else np.where(is_null, 0, rule.standardise(values))
        elif isinstance(column, WordColumn) and isinstance(rule, WordRuler):
            codes = column.codes[taken]
            words = list(column.words)
            code = -1 if what == "" else words.index(what) if what in words else -2
            row[:] = codes == code
        else:
            row[:] = what == ""
    return design @ design.T, size
