"""What a closed partition looks like: small, without any row of it; the unit of history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from functions.arrays import Floats, Hashes, ShortFloats
from functions.ml.checking.column_profile import MOST_DISTINCT
from functions.ml.checking.hashing import distinct_of
from functions.ml.checking.profile import Profile
from functions.ml.checking.ruler import Ruler


@dataclass(frozen=True)
class Summary:
    """One partition, or with a leading axis many of them in the order of time.

    Arrays have one entry for each column of the ruler; see `Profile` for what they are.
    """

    rows: Floats
    """Shape ()."""
    duplicates: Floats
    """Shape (): the share of rows that are a copy of an earlier one, 0..1."""
    facts: Floats
    lows: Floats
    highs: Floats
    counts: ShortFloats
    sums: Hashes
    heads: Hashes
    distinct: Floats
    """Shape (columns,): how many distinct values."""
    new: Floats
    """Shape (columns,): rows whose word no earlier partition had."""
    products: ShortFloats
    """Shape (related + 1, related + 1): means over rows."""

    @classmethod
    def stack(cls, summaries: Sequence[Self]) -> Self:
        """Put partitions one after the other."""
        fields = cls.__dataclass_fields__
        return cls(**{f: np.stack([getattr(s, f) for s in summaries]) for f in fields})

    def followed_by(self, later: Self) -> Self:
        """Put one partition, or many, behind many."""
        behind = later if later.rows.ndim else later[None]
        fields = self.__dataclass_fields__
        return type(self)(
            **{f: np.concatenate([getattr(self, f), getattr(behind, f)]) for f in fields}
        )

    def only(self, ruler: Ruler, names: Sequence[str]) -> Self:
        """Keep some columns of the ruler they were measured with."""
        if len(names) == len(ruler.columns):
            return self
        columns = [i for i, name in enumerate(ruler.names) if name in names]
        bins = [b for i in columns for b in range(ruler.offsets[i], ruler.offsets[i + 1])]
        related = [i for i, (name, _) in enumerate(ruler.related) if name in names]
        related.append(len(ruler.related))
        of_columns = ("lows", "highs", "sums", "heads", "distinct", "new")
        return replace(
            self,
            facts=self.facts[..., columns, :],
            counts=self.counts[..., bins],
            products=self.products[..., related, :][..., related],
            **{name: getattr(self, name)[..., columns] for name in of_columns},
        )

    def __getitem__(self, which: slice | int | list[int] | None) -> Self:
        """Take some partitions, or one; `None` makes many, a single one, of one."""
        fields = self.__dataclass_fields__
        return type(self)(**{f: getattr(self, f)[which] for f in fields})

    def __len__(self) -> int:
        """How many partitions there are."""
        return len(self.rows)


def close(profile: Profile, known: Sequence[Hashes], duplicates: float | None = None) -> Summary:
    """Summarise a partition that is complete.

    Args:
        profile: all its rows.
        known: for each column, the words that earlier partitions had and the ruler does not know.
        duplicates: the share of rows whose key was there before, 0..1; `None` to estimate it from
            a sample of whole rows, where rows have no key.
    """
    new = [
        float(times[~np.isin(hashes, words)].sum())
        for (hashes, times), words in zip(profile.fresh, known, strict=True)
    ]
    if duplicates is None:
        kept = profile.sample[1]
        duplicates = 1 - len(kept) / max(int(kept.sum()), 1)
    return Summary(
        rows=np.array(float(profile.rows)),
        duplicates=np.array(duplicates),
        facts=profile.facts,
        lows=profile.lows,
        highs=profile.highs,
        counts=profile.counts.astype(np.float32),
        sums=profile.sums,
        heads=profile.heads,
        distinct=np.array([distinct_of(kept, MOST_DISTINCT) for kept in profile.distinct]),
        new=np.array(new),
        products=(profile.products / max(profile.related_rows, 1)).astype(np.float32),
    )
