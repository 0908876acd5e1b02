"""How wrong predictions turn out by what was said; and what follows for rows without a label.

Counts alone, twenty bins: the bot and the cards compute with them, and they add up.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar, Final, Self

from core.domain.base import Record, Value
from core.domain.ids import VersionId, fact_id
from core.domain.target import Target

BINS: Final = 20
"""Of equal width: of probabilities from 0 to 1, of numbers over the target's span."""
_FEWEST: Final = 20  # labelled rows that make a mean worth using


def scale_of(target: Target) -> str:
    """Name what bins and losses are measured by: those of another scale cannot be added."""
    return f"{target.task} {','.join(target.classes)} {target.between} {target.quantile}"


class Curve(Value):
    """What became of the labelled rows of each bin."""

    scale: str
    rows: tuple[int, ...]
    losses: tuple[float, ...]
    """Summed, of each row 0..1."""
    mistakes: tuple[float, ...]
    """Summed: of a label whether it was decided wrongly; else see `ml.judging.mistakes`."""

    @property
    def labelled(self) -> int:
        """How many rows there are."""
        return sum(self.rows)

    def joined_by(self, more: Self) -> Self:
        """Add the rows of another partition."""
        return self.model_copy(
            update={
                "rows": tuple(a + b for a, b in zip(self.rows, more.rows, strict=True)),
                "losses": tuple(a + b for a, b in zip(self.losses, more.losses, strict=True)),
                "mistakes": tuple(a + b for a, b in zip(self.mistakes, more.mistakes, strict=True)),
            }
        )

    def expected(self, rows: Sequence[int]) -> tuple[float, float]:
        """Say what rows of these bins will lose and be mistaken, summed over all of them.

        A bin counts as it turned out; where that is known of few, its neighbours count as well, as
        many on each side as it takes.

        Source: confidence-based performance estimation, with calibration by histogram binning:
        Guillory et al., Predicting with confidence on unseen distributions (2021); Zadrozny and
        Elkan, Obtaining calibrated probability estimates (2001).
        """
        sums = [(0, *accumulate(each)) for each in (self.rows, self.losses, self.mistakes)]
        lost = mistaken = 0.0
        for place, count in enumerate(rows):
            if count:
                of_rows, loss, mistake = (_around(place, sums, each) for each in sums)
                lost += count * loss / of_rows
                mistaken += count * mistake / of_rows
        return lost, mistaken


class Said(Record):
    """What a version said of one partition: how many rows fell into each bin."""

    kind: ClassVar[str] = "said"

    model: str
    partition: str
    version: VersionId
    scale: str
    rows: tuple[int, ...]

    @classmethod
    def id_of(cls, model: str, partition: str) -> str:
        """Name the one count of a partition."""
        return fact_id("sai", model, partition)

    @property
    def listing(self) -> str:
        """All of a model's."""
        return f"said:{self.model}"

    @property
    def place(self) -> str:
        """By partition."""
        return self.partition


def _around(place: int, sums: Sequence[Sequence[float]], of: Sequence[float]) -> float:
    """Sum over a bin and as many on each side as it takes to have enough rows."""
    for width in range(BINS):
        low, high = max(0, place - width), min(BINS, place + width + 1)
        if sums[0][high] - sums[0][low] >= _FEWEST:
            return of[high] - of[low]
    return of[-1]
