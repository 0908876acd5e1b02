"""How much more days differ than chance lets them: rows of one day share weather, sales, a storm.

Bets that count rows as independent are sure far too soon where days differ. On the flights of 2013
two versions that are equal over the year differ by 0.01 in Brier score from day to day, four times
what chance gives 950 rows; such bets then claim a gain in two thirds of all trials of 60 days.

Source: the design effect of cluster samples (Kish, Survey Sampling, 1965, chapter 5).
"""

from math import sqrt
from typing import Final, Self

from pydantic import Field

from core.domain.base import Value

_FEWEST: Final = 4  # degrees of freedom; with fewer nobody knows how days differ
_NOTHING: Final = 1e-15  # a variance; below it all pairs are alike


class Days(Value):
    """The mean differences of some days, as sums that add up."""

    count: int = Field(default=0, ge=0)
    means: float = 0.0
    """Sum of the means of the days."""
    squares: float = Field(default=0.0, ge=0)
    """Sum of the squares of the means."""
    chance: float = Field(default=0.0, ge=0)
    """Sum of the variances that chance alone gives these means."""

    @classmethod
    def of(cls, pairs: int, gained: float, squares: float) -> Self:
        """Take one day: how many pairs, the sum of their differences, and of the squares."""
        if not pairs:
            return cls()
        mean = gained / pairs
        chance = max(squares / pairs - mean**2, 0.0) / pairs
        return cls(count=1, means=mean, squares=mean**2, chance=chance)

    def plus(self, other: "Days") -> Self:
        """Put days together."""
        update = {
            "count": self.count + other.count,
            "means": self.means + other.means,
            "squares": self.squares + other.squares,
            "chance": self.chance + other.chance,
        }
        return self.model_copy(update=update)

    @property
    def spread(self) -> float:
        """Sum of the squared deviations of the means from their own mean."""
        return max(self.squares - self.means**2 / self.count, 0.0) if self.count else 0.0

    def centred(self) -> Self:
        """Keep how much the days differ from each other, and forget their mean."""
        return self.model_copy(update={"means": 0.0, "squares": self.spread})


def excess(*groups: Days) -> float | None:
    """Say by how many times the variance of days exceeds that of chance, at least 1.

    The mean may differ from group to group: what validation days and days in shadow have in common
    is how much days differ. One standard error of the ratio is taken off, so that days that differ
    by chance alone seldom count as more.

    Returns:
        `None` while too few days are known to say.
    """
    known = [group for group in groups if group.count]
    freedom = sum(group.count - 1 for group in known)
    if freedom < _FEWEST:
        return None
    chance = sum(group.chance for group in known) / sum(group.count for group in known)
    spread = sum(group.spread for group in known) / freedom
    if spread <= _NOTHING:
        return 1.0
    return max(spread / max(chance, _NOTHING) - sqrt(2 / freedom), 1.0)
