"""What objects of a partition look like, in one pass over their rows; profiles can be merged."""

from dataclasses import dataclass

import numpy as np

from functions.arrays import Batch, Counts, Flags, Floats, Hashes, NumberColumn, Sized, WordColumn
from functions.ml.column_profile import (
    MOST_DISTINCT,
    MOST_FRESH,
    ColumnProfile,
    Fact,
    profile_column,
)
from functions.ml.hashing import mix, smallest, smallest_counted, together
from functions.ml.ruler import NumberRuler, Ruler, WordRuler

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
    """Profile the rows of one batch; a column that is missing in it counts as all null.

    Columns are taken in the order of the ruler, each once.
    """
    sampled = slice(None, None, max(1, -(-rows // _ROWS_RELATED)))
    design = np.ones((len(ruler.related) + 1, len(range(rows)[sampled])))
    of_rows = np.zeros(rows, dtype=np.uint64)
    parts: list[ColumnProfile] = []
    for name, rule in ruler.columns.items():
        column = batch.get(name)
        part, hashes = profile_column(column, rows, rule)
        for row, what in ruler.rows_related.get(name, ()):
            design[row] = _related(column, sampled, rule, what)
        if len(hashes):
            of_rows += hashes * np.uint64(2 * len(parts) + 1)
        parts.append(part)
    return Profile(
        rows=rows,
        facts=np.array([part.facts for part in parts]).reshape(-1, len(Fact)),
        lows=np.array([part.low for part in parts]),
        highs=np.array([part.high for part in parts]),
        counts=np.concatenate([np.zeros(0, np.int64), *(part.counts for part in parts)]),
        sums=np.array([part.total for part in parts], dtype=np.uint64),
        heads=np.array([part.head for part in parts], dtype=np.uint64),
        distinct=tuple(part.distinct for part in parts),
        fresh=tuple(part.fresh for part in parts),
        sample=smallest_counted(mix(of_rows), MOST_ROWS_SAMPLED),
        products=design @ design.T,
        related_rows=design.shape[1],
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
