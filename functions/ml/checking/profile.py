"""What objects of a partition look like, in one pass over their rows; profiles can be merged."""

from dataclasses import dataclass

import numpy as np

from functions.arrays import (
    Batch,
    Block,
    Counts,
    Flags,
    Floats,
    Hashes,
    NumberColumn,
    Sized,
    WordColumn,
)
from functions.ml.checking.column_profile import (
    MOST_DISTINCT,
    MOST_FRESH,
    NOTHING_FRESH,
    ColumnProfile,
    Fact,
    profile_column,
)
from functions.ml.checking.hashing import mix, smallest, smallest_counted, together
from functions.ml.checking.many_hashes import ManyHashes
from functions.ml.checking.ruler import NumberRuler, Ruler, WordRuler
from functions.ml.one_thread import one_thread

MOST_ROWS_SAMPLED = 2048
_ROWS_RELATED = 4096  # of one batch: relations need no more


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
    return profile_part(Sized(batch, rows), ruler)


def profile_part(part: Sized, ruler: Ruler) -> Profile:
    """Profile the rows of one batch, a block after another; see `profile_batch`."""
    forming = _Forming(part.rows, ruler)
    for block in part.blocks():
        forming.take(block)
    return forming.profile


class _Forming:
    """The profile of one batch, as far as its blocks were taken."""

    def __init__(self, rows: int, ruler: Ruler) -> None:
        self._rows, self._ruler = rows, ruler
        self._step = max(1, -(-rows // _ROWS_RELATED))
        self._design = np.ones((len(ruler.related) + 1, -(-rows // self._step)))
        self._odd = {name: np.uint64(2 * i + 1) for i, name in enumerate(ruler.columns)}
        self._of_rows = ManyHashes()
        self._columns: dict[str, ColumnProfile] = {}

    def take(self, block: Block) -> None:
        """Add some columns in some rows."""
        sums = np.zeros(block.rows, dtype=np.uint64)
        for name in block.batch:
            if name in self._odd:
                hashes = self._add(name, block.batch[name], block)
                if len(hashes):
                    sums += hashes * self._odd[name]
        self._of_rows.add(block.begins, sums)

    def _add(self, name: str, column: NumberColumn | WordColumn | None, block: Block) -> Hashes:
        rule, before = self._ruler.columns[name], self._columns.get(name)
        seen, hashes = profile_column(column, block.rows, rule)
        self._columns[name] = before.followed_by(seen) if before else seen
        ends = block.begins + block.rows
        place = slice(-(-block.begins // self._step), -(-ends // self._step))
        sampled = slice(-block.begins % self._step, None, self._step)
        for row, what in self._ruler.rows_related.get(name, ()):
            self._design[row, place] = _related(column, sampled, rule, what)
        return hashes

    @property
    def profile(self) -> Profile:
        """What was taken; columns that did not come count as all null."""
        for name in self._odd.keys() - self._columns.keys():
            self._add(name, None, Block(0, self._rows, {}))
        parts = [self._columns[name] for name in self._ruler.columns]
        with one_thread():
            products = self._design @ self._design.T
        return Profile(
            rows=self._rows,
            facts=np.array([part.facts for part in parts]).reshape(-1, len(Fact)),
            lows=np.array([part.low for part in parts]),
            highs=np.array([part.high for part in parts]),
            counts=np.concatenate([np.zeros(0, np.int64), *(part.counts for part in parts)]),
            sums=np.array([part.total for part in parts], dtype=np.uint64),
            heads=np.array([part.head for part in parts], dtype=np.uint64),
            distinct=tuple(part.distinct for part in parts),
            fresh=tuple(part.fresh for part in parts),
            sample=self._sample(),
            products=products,
            related_rows=self._design.shape[1],
        )

    def _sample(self) -> tuple[Hashes, Counts]:
        """Sample whole rows; those of which no column came are all the same."""
        if self._rows and not len(self._of_rows):
            return mix(np.zeros(1, dtype=np.uint64)), np.array([self._rows])
        sample = NOTHING_FRESH
        for rows in self._of_rows.pieces():
            few = smallest_counted(mix(rows), MOST_ROWS_SAMPLED)
            sample = together(sample, few, MOST_ROWS_SAMPLED)
        return sample


class Profiler:
    """Takes batches one after another and profiles them together; holds none of their rows."""

    def __init__(self, ruler: Ruler) -> None:
        self._ruler = ruler
        self.profile = profile_batch({}, 0, ruler)
        """Of what was taken so far."""

    def take(self, part: Sized) -> None:
        """Add the rows of one batch."""
        self.profile = merge(self.profile, profile_part(part, self._ruler))


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


def _related(
    column: NumberColumn | WordColumn | None,
    sampled: slice,
    rule: NumberRuler | WordRuler,
    what: str | None,
) -> Floats | Flags | bool:
    """Take what is related of a column, for a sample of its rows: see `Ruler.related`."""
    if isinstance(column, NumberColumn) and isinstance(rule, NumberRuler):
        values = column.values[sampled]
        is_null = np.isnan(values)
        return is_null if what is not None else np.where(is_null, 0, rule.standardise(values))
    if isinstance(column, WordColumn) and isinstance(rule, WordRuler):
        words = list(column.words)
        code = -1 if what == "" else words.index(what) if what in words else -2
        return np.asarray(column.codes[sampled] == code)
    return what == ""
