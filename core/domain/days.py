"""How much more days differ than chance lets them: rows of one day share weather, sales, a storm.

Bets that count rows as independent are sure far too soon where days differ. On the flights of 2013
two versions that are equal over the year differ by 0.01 in Brier score from day to day, four times
what chance gives 950 rows; such bets then claim a gain in two thirds of all trials of 60 days.
Weather also lasts: a day resembles the one before, and a week of such days counts for less still.

Source: the design effect of cluster samples (Kish, Survey Sampling, 1965, chapter 5); the variance
of sums of days that hang together (Newey and West, Econometrica 1987).
"""

from math import sqrt
from typing import Final, Self

from pydantic import Field

from core.domain.base import Value

_FEWEST: Final = 4  # degrees of freedom; with fewer nobody knows how days differ
_NOTHING: Final = 1e-15  # a variance; below it all pairs are alike
_ROUNDED: Final = 1e-9
_LAGS: Final = 7  # days; a day is compared with those of the week before it
_MOST_TIMES: Final = 2.0 * _LAGS + 1  # more cannot be seen at so many lags


class Days(Value):
    """The mean differences of some days in their order, as sums that add up."""

    count: int = Field(default=0, ge=0)
    means: float = 0.0
    """Sum of the means of the days."""
    squares: float = Field(default=0.0, ge=0)
    """Sum of the squares of the means."""
    chance: float = Field(default=0.0, ge=0)
    """Sum of the variances that chance alone gives these means."""
    products: tuple[float, ...] = (0.0,) * _LAGS
    """Sums of the mean of a day times that of the day before, of the second day before, ..."""
    first: tuple[float, ...] = ()
    """The means of the first days, a week at the most."""
    last: tuple[float, ...] = ()
    """The means of the last days, a week at the most."""

    @classmethod
    def of(cls, pairs: int, gained: float, squares: float) -> Self:
        """Take one day: how many pairs, the sum of their differences, and of the squares."""
        if not pairs:
            return cls()
        mean = gained / pairs
        chance = max(squares / pairs - mean**2, 0.0) / pairs
        return cls(count=1, means=mean, squares=mean**2, chance=chance, first=(mean,), last=(mean,))

    def plus(self, later: "Days") -> Self:
        """Put the days that follow behind these."""
        update = {
            "count": self.count + later.count,
            "means": self.means + later.means,
            "squares": self.squares + later.squares,
            "chance": self.chance + later.chance,
            "products": tuple(
                mine + more + across
                for mine, more, across in zip(
                    self.products, later.products, self._across(later), strict=True
                )
            ),
            "first": (*self.first, *later.first)[:_LAGS],
            "last": (*self.last, *later.last)[-_LAGS:],
        }
        return self.model_copy(update=update)

    def _across(self, later: "Days") -> list[float]:
        """Sum up the products of days here with days there, for each lag."""
        means, here = (*self.last, *later.first), len(self.last)
        return [
            sum(
                means[day] * means[day + lag]
                for day in range(max(here - lag, 0), min(here, len(means) - lag))
            )
            for lag in range(1, _LAGS + 1)
        ]

    @property
    def spread(self) -> float:
        """Sum of the squared deviations of the means from their own mean."""
        return max(self.squares - self.means**2 / self.count, 0.0) if self.count else 0.0

    @property
    def together(self) -> tuple[float, ...]:
        """For each lag, the sum of the deviations times those of so many days before."""
        mean = self.means / max(self.count, 1)
        return tuple(
            product
            - mean * (2 * self.means - sum(self.first[:lag]) - sum(self.last[-lag:]))
            + mean**2 * (self.count - lag)
            if self.count > lag
            else 0.0
            for lag, product in enumerate(self.products, 1)
        )

    @property
    def is_possible(self) -> bool:
        """Whether some days can have these sums; if not, they were corrupted."""
        means, most = (*self.first, *self.last), self.squares + _ROUNDED
        return (
            self.means**2 <= self.count * most + _ROUNDED
            and self.squares <= self.count + _ROUNDED
            and self.chance <= self.count
            and len(self.first) == len(self.last) <= min(self.count, _LAGS)
            and all(abs(mean) <= 2 + _ROUNDED for mean in means)  # of centred days, as far off
            and len(self.products) == _LAGS
            and all(abs(product) <= most for product in self.products)
        )

    def centred(self) -> Self:
        """Keep how much the days differ from each other, and forget their mean."""
        mean = self.means / max(self.count, 1)
        update = {
            "means": 0.0,
            "squares": self.spread,
            "products": self.together,
            "first": tuple(one - mean for one in self.first),
            "last": tuple(one - mean for one in self.last),
        }
        return self.model_copy(update=update)


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


def lasting_excess(days: Days) -> float | None:
    """Say the same of a sum of days where a day may resemble those before it.

    What is beyond chance counts as often as days hang together: once where each day has a weather
    of its own, some five times where a weather lasts a week.

    Args:
        days: in their order, with one mean.

    Returns:
        `None` while too few days are known to say.

    Source: the estimate of Newey and West with the weights of Bartlett, of what is beyond chance.
    """
    much = excess(days)
    if much is None:
        return None
    by_chance = (days.count - 1) * days.chance / days.count
    alike = sum(
        2 * (1 - lag / (_LAGS + 1)) * together for lag, together in enumerate(days.together, 1)
    )
    times = 1 + alike / max(days.spread - by_chance, _NOTHING)
    return 1 + (much - 1) * min(max(times, 1.0), _MOST_TIMES)
