"""Which column holds what another one used to hold: a rename, most likely."""

from collections.abc import Sequence

import numpy as np

from functions.arrays import Floats, NumberColumn, Sized, WordColumn
from functions.ml.checking.column_profile import Fact
from functions.ml.checking.profile import Profile, Profiler
from functions.ml.checking.reference import Reference

_NEWEST = 60  # partitions that say what is usual
_FARTHER = 1.5  # times as far as a trusted partition ever was
_LEAST_FAR, _MOST_FAR = 0.1, 0.5  # of the rows


class Alikes:
    """Holds columns of some rows against what missing ones held in trusted partitions."""

    def __init__(self, missing: Sequence[str], reference: Reference) -> None:
        self._missing, self._reference = missing, reference
        self._profilers: dict[tuple[str, str], Profiler] = {}

    def take(self, part: Sized) -> None:
        """Measure each column of a batch as if it were each of the missing ones."""
        for block in part.blocks():
            for one, column in block.batch.items():
                self._take(one, column, block.rows)

    def _take(self, one: str, column: NumberColumn | WordColumn, rows: int) -> None:
        for name in self._missing:
            if (name, one) not in self._profilers:
                self._profilers[name, one] = Profiler(self._reference.ruler.only([name]))
            self._profilers[name, one].take(Sized({name: column}, rows))

    def found(self) -> list[tuple[float, str, str]]:
        """Name the pairs that are alike: how far apart they are, the missing one, its likeness."""
        apart = [
            (*self._apart(name, profiler.profile), name, one)
            for (name, one), profiler in self._profilers.items()
        ]
        return [(far, name, one) for far, most, name, one in apart if far <= most]

    def _apart(self, name: str, profile: Profile) -> tuple[float, float]:
        """Say how far a column lies from the mean of the trusted ones, and how far it may lie.

        Source: the total variation distance; the share of rows with unknown words is added.
        """
        reference = self._reference
        past, at = reference.summaries[-_NEWEST:], reference.ruler.names.index(name)
        bins = slice(*reference.ruler.offsets[at : at + 2])
        before = _shares(
            past.counts[:, bins].astype(np.float64), past.facts[:, at, Fact.NULLS], past.rows
        )
        now = _shares(
            profile.counts.astype(np.float64), profile.facts[0, Fact.NULLS], np.array(profile.rows)
        )
        usual = before.mean(axis=0)
        usual_new = (past.new[:, at] / np.maximum(past.rows, 1)).max(initial=0)
        new = profile.fresh[0][1].sum() / max(profile.rows, 1)
        far = np.abs(now - usual).sum() / 2 + max(new - usual_new, 0)
        farthest = np.abs(before - usual).sum(axis=1).max() / 2
        chance = _LEAST_FAR + np.sqrt(len(now) / max(profile.rows, 1)) / 2
        return float(far), float(min(max(_FARTHER * farthest, chance), _MOST_FAR))


def _shares(counts: Floats, nulls: Floats, rows: Floats) -> Floats:
    """Return the share of the rows in each bin, and of those without a value behind them."""
    every = np.concatenate([counts, np.asarray(nulls)[..., None]], axis=-1)
    return np.asarray(every / np.maximum(np.asarray(rows)[..., None], 1))
