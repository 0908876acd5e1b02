"""95 % intervals of whatever is computed from sums over rows, when rows of a day are alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.domain.evaluation import Estimate
from functions.arrays import Floats

Formula = Callable[[Floats], Floats]
"""From sums, shape (..., columns), to one number each, shape (...); NaN where there is none."""

FEWEST_PARTITIONS: Final = 5
"""With fewer the spread between them says too little."""
_BLOCKS: Final = 20  # in place of partitions, when these are too few
_Z: Final = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True)
class Groups:
    """Rows in groups that count as independent of each other."""

    of_row: NDArray[np.intp]
    """Shape (rows,), 0..count - 1."""
    count: int
    are_partitions: bool

    def sums(self, *columns: NDArray[np.generic]) -> Floats:
        """Add up columns of shape (rows,) within each group; shape (count, columns)."""
        added = [
            np.bincount(self.of_row, weights=np.asarray(column, np.float64), minlength=self.count)
            for column in columns
        ]
        return np.column_stack(added)


def grouped(partition_of_row: NDArray[np.intp]) -> Groups:
    """Group rows by their partition; where those are too few, by blocks of rows in their order.

    Blocks count rows of one partition as independent, so that their intervals are too narrow when
    partitions differ from each other.

    Args:
        partition_of_row: shape (rows,), in ascending order.
    """
    _, place = np.unique(partition_of_row, return_inverse=True)
    rows = len(place)
    partitions = int(place[-1]) + 1 if rows else 0
    if partitions >= FEWEST_PARTITIONS:
        return Groups(place.astype(np.intp), partitions, are_partitions=True)
    blocks = min(_BLOCKS, rows)
    of_row = (np.arange(rows) * blocks // max(rows, 1)).astype(np.intp)
    return Groups(of_row, blocks, are_partitions=False)


def estimate(formula: Formula, sums: Floats) -> Estimate | None:
    """Compute a number and its interval; `None` where the number itself is not defined.

    Each group is left out once, the others standing for all; the interval is that of Student with
    one degree of freedom less than there are groups.

    Args:
        formula: from sums to the number.
        sums: shape (groups, columns).

    Source: the delete-a-group jackknife, Efron and Stein, The jackknife estimate of variance
    (1981); for clusters and with Student's distribution: Cameron and Miller, A practitioner's
    guide to cluster-robust inference (2015), sections III and VI.
    """
    count, total = len(sums), sums.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        middle = float(formula(total))
        if not np.isfinite(middle):
            return None
        if count < 2:  # noqa: PLR2004 - one group says nothing of the spread
            return Estimate(middle=middle)
        left = formula((total - sums) * (count / (count - 1)))
    if not np.isfinite(left).all():
        return Estimate(middle=middle)
    variance = float(np.mean((left - left.mean()) ** 2)) * (count - 1)
    half = student_975(count - 1) * float(np.sqrt(variance))
    return Estimate(middle=middle, low=middle - half, high=middle + half)


def difference(formula: Formula, less: Floats, formula_of: Formula, of: Floats) -> Estimate | None:
    """Compute how much larger one number is than another one on the same rows, paired.

    Args:
        formula: gives the number that is subtracted, from its sums `less`, (groups, columns).
        less: its sums.
        formula_of: gives the number it is subtracted from.
        of: its sums, of the same groups.
    """
    cut = less.shape[1]
    return estimate(
        lambda sums: np.asarray(formula_of(sums[..., cut:]) - formula(sums[..., :cut])),
        np.hstack([less, of]),
    )


def student_975(freedom: int) -> float:
    """Return the 97.5 % point of Student's distribution.

    Source: exact for 1 and 2; from 3 on the Cornish-Fisher expansion of Abramowitz and Stegun
    (1964), 26.7.5, which is right within 0.3 % there.
    """
    if freedom == 1:
        return 12.706204736174694
    if freedom == 2:  # noqa: PLR2004 - has a closed form
        return 4.302652729749462
    z = _Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom) ** at for at, term in enumerate(terms, start=1))
