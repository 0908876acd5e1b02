"""Columns that were never missing alone: learned from the history at each check."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from functions.arrays import Flags, Floats
from functions.ml.checking.promises import FEWEST_KEPT, are_kept, badness, too_many
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.summary import Summary

_A_TRIFLE = 1e-9  # of the rows: what rounding leaves


@dataclass(frozen=True)
class Alone:
    """A column that is missing in rows where another one is not, which never was so."""

    column: str
    """The one to blame."""
    other: str
    is_missing: bool
    """Whether it is missing where the other one is not; else it is there where the other is not."""
    share: float
    """Of the rows, 0..1."""
    score: float
    """In units of a limit, above 1."""


def missing_alone(together: Summary, ruler: Ruler) -> Iterator[Alone]:
    """Find columns that used to be missing only together with another one, and no longer are.

    A flight that never left has neither a departure nor a delay: so often as either is missing, as
    it is on a day of storms, one without the other says that values were lost on the way. Where
    several columns belong together, the one that stands against most of them is told.

    Args:
        together: shape (partitions + 1, ...): trusted ones, oldest first, then the one in question.
        ruler: what they were measured with.

    Source: ours; functional dependencies between indicators, as Huhtala et al., TANE (Computer
    Journal 42, 1999), find them between columns, of which those without exceptions are kept.
    """
    related = [(i, name) for i, (name, what) in enumerate(ruler.related) if what == ""]
    names = [name for _, name in related]
    which = [i for i, _ in related]
    both = together.products[:, which][:, :, which].astype(np.float64)
    missing = np.diagonal(both, axis1=1, axis2=2)
    alone = missing[:, :, None] - both
    alone[alone < _A_TRIFLE] = 0.0
    breaks = _breaks(alone, missing > 0, too_many(together.rows))
    if not breaks[-1].any() or not are_kept(breaks[:-1].reshape(len(breaks) - 1, -1)):
        return
    pairs = list(zip(*(at.tolist() for at in np.nonzero(breaks[-1])), strict=True))
    times = Counter(at for pair in pairs for at in pair)
    told: dict[int, Alone] = {}
    for pair in sorted(pairs, key=lambda pair: float(alone[-1, *pair])):
        share = float(alone[-1, *pair])
        blamed = max(pair, key=lambda at: times[at])
        [other] = set(pair) - {blamed}
        is_missing = blamed == pair[0]
        told[blamed] = Alone(names[blamed], names[other], is_missing, share, badness(share))
    yield from told.values()


def _breaks(alone: Floats, missing: Flags, few: Floats) -> Flags:
    """Say where a column is missing alone that was missing often enough before, and never so.

    Args:
        alone: shape (partitions, columns, columns): the share of rows where the first is missing
            and the second is not.
        missing: shape (partitions, columns): whether any row lacks a value.
        few: shape (partitions,): from which share on single odd rows are more than that.
    """
    before = np.maximum.accumulate(alone, axis=0)[:-1]
    is_known = np.cumsum(missing, axis=0)[:-1, :, None] >= FEWEST_KEPT
    breaks = np.zeros(alone.shape, dtype=bool)
    breaks[1:] = (before == 0) & is_known & (alone[1:] >= few[1:, None, None])
    return breaks
