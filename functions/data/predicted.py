"""What one version says of some rows, and what of that is served: before it is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pyarrow as pa

from core.domain.ids import VersionId
from core.domain.scored import Maker, Stage
from functions.arrays import Counts, Flags, Floats
from functions.placing import BINARY, MadeFor


@dataclass(frozen=True)
class Predicted:
    """What one version says of some rows, and what of that is served."""

    version: VersionId
    stage: Stage
    keys: pa.ChunkedArray
    """Text: the name of each row."""
    said: Floats
    """What the model says: shape (rows,), or (rows, classes)."""
    served: Floats
    """The same shape: what is served, after overrides; NaN for a row that is not served."""
    hits: Counts
    """Shape (rows,): the n-th bit is set where the n-th override changed something."""
    overrides: tuple[str, ...] = ()
    """The names of the overrides, in their order."""
    made_for: MadeFor = BINARY
    maker: Maker = "version"
    trained_with: VersionId | None = None
    """Of a simple model or a constant, the version that it belongs to; else `None`."""
    ms_per_1000_rows: float = 0.0
    """How long the model took."""
    is_withheld: Flags | None = None
    """Shape (rows,): which broke the output contract; `None`: none did."""

    @classmethod
    def unserved(cls, version: VersionId, keys: pa.ChunkedArray, said: Floats) -> Self:
        """Hold what a version says that nobody gets to see."""
        nothing = np.full(said.shape, np.nan)
        return cls(version, "shadow", keys, said, nothing, np.zeros(len(said), np.int64))

    def only(self, is_wanted: Flags) -> Self:
        """Keep some of the rows."""
        is_withheld = None if self.is_withheld is None else self.is_withheld[is_wanted]
        return replace(
            self,
            keys=self.keys.filter(pa.array(is_wanted)),
            said=self.said[is_wanted],
            served=self.served[is_wanted],
            hits=self.hits[is_wanted],
            is_withheld=is_withheld,
        )

    def as_champion(self) -> Self:
        """Say it as the champion of rows that its canary has served."""
        return replace(self, stage="champion")

    def without_serving(self, is_left_out: Flags) -> Self:
        """Serve nothing for these rows: another version does."""
        served, hits = self.served.copy(), self.hits.copy()
        served[is_left_out], hits[is_left_out] = np.nan, 0
        is_withheld = None if self.is_withheld is None else self.is_withheld & ~is_left_out
        return replace(self, served=served, hits=hits, is_withheld=is_withheld)

    @property
    def withheld(self) -> int:
        """Count the rows that broke the output contract."""
        return 0 if self.is_withheld is None else int(self.is_withheld.sum())

    def served_scores(self) -> tuple[Floats, Counts | None]:
        """Return what is served of each row, NaN where nothing is; and which class, of several."""
        if self.served.ndim == 1:
            return self.served, None
        places = _decided(self.served)
        return _of_class(self.served, places), places

    def said_scores(self) -> tuple[Floats, Counts | None]:
        """Return what the model said of each row, NaN for no number; and which class, of several.

        Of several classes it is the probability of the one that is decided for.
        """
        if self.said.ndim == 1:
            return np.where(np.isfinite(self.said), self.said, np.nan), None
        places = _decided(self.said)
        return _of_class(self.said, places), places

    @property
    def hit_counts(self) -> dict[str, int]:
        """Count the rows that each override changed."""
        return hit_counts(self.hits, self.overrides)


def hit_counts(hits: Counts, names: Sequence[str]) -> dict[str, int]:
    """Count the rows in which each bit is set."""
    return {name: int(np.count_nonzero(hits & (1 << n))) for n, name in enumerate(names)}


def _decided(values: Floats) -> Counts:
    """Return the place of the likeliest class of each row; -1 where there is no number."""
    is_known: Flags = np.asarray(np.isfinite(values).all(axis=1))
    return np.where(is_known, np.where(is_known[:, np.newaxis], values, 0).argmax(axis=1), -1)


def _of_class(values: Floats, places: Counts) -> Floats:
    return np.where(places < 0, np.nan, values[np.arange(len(values)), places])
