"""What bets have come to: sums that add up in any order, the e-values in them, and when they show.

A bet's growth here is the log of the factor by which its wealth has changed.
"""

from collections.abc import Sequence
from functools import partial
from math import exp, log, log1p
from typing import Final, Self

from pydantic import Field

from core.domain.base import Value
from core.domain.bets import Bet, Claim

RATES: Final = tuple(0.01 * 60 ** (place / 9) for place in range(10))
"""By which the claims on average are weighed, all below 1."""
_STEPS: Final = 60  # halvings, from the farthest down to far less than one pair
_FARTHEST: Final = 1000.0  # times as many pairs as there are
_ROUNDED: Final = 2e-6  # stored growths are rounded down at the sixth decimal


class Weighed(Value):
    """What some pairs say for each claim; `plus` another is what all of them say."""

    pairs: int = Field(ge=0)
    gained: float = 0.0
    """Sum of D, > 0 where the version is better."""
    squares: float = Field(default=0.0, ge=0)
    """Sum of the squares of D."""
    growth: dict[Claim, tuple[float, ...]]
    """Of each bet, in the order of its stakes."""

    @classmethod
    def nothing(cls, bets: dict[Claim, Bet]) -> Self:
        """Start with no pairs: every bet has the wealth it began with."""
        return cls(pairs=0, growth={claim: (0.0,) * len(bet.stakes) for claim, bet in bets.items()})

    def plus(self, other: "Weighed") -> Self:
        """Put two batches together."""
        growth = {
            claim: tuple(mine + theirs for mine, theirs in zip(grown, more, strict=True))
            for claim, grown in self.growth.items()
            for more in (other.growth[claim],)
        }
        return self.model_copy(
            update={
                "pairs": self.pairs + other.pairs,
                "gained": self.gained + other.gained,
                "squares": self.squares + other.squares,
                "growth": growth,
            }
        )

    def growths(self, claim: Claim, bet: Bet, excess: float) -> list[float]:
        """Say what each bet has grown by, less what the differences between days could explain.

        Where days differ by more than chance, rows of one day count for less. Each bet is charged
        in two ways, and half of the stake goes to each: its growth is divided by the excess, as if
        there were so many pairs fewer; or it pays for the variance beyond chance, which costs less
        where the pairs hardly differ at all.

        Args:
            claim: which.
            bet: its margin and stakes.
            excess: variance of the days as a multiple of that of chance, at least 1.
        """
        scale = (1 + abs(bet.margin)) ** 2
        n, margin = self.pairs, bet.margin
        squares = (self.squares - 2 * margin * self.gained + n * margin**2) / scale
        grown = list(zip(bet.stakes, self.growth[claim], strict=True))
        divided = [growth / excess for _, growth in grown]
        return divided + [growth - (excess - 1) * stake**2 / 2 * squares for stake, growth in grown]

    def log_e(self, claim: Claim, bet: Bet, excess: float = 1.0) -> float:
        """Say how strongly a claim is shown: the log of the mean wealth of its bets, 0 at first."""
        return log_mean(self.growths(claim, bet, excess))

    def log_e_on_average(self, bet: Bet, excess: float = 1.0) -> float:
        """Say the same where D may drift: is the mean *over all pairs so far* beyond the margin?

        The bets refute only that the version was never better; this one refutes that it is not
        better on average, and needs some more pairs for it. Sums are all it takes.

        Source: Choe and Ramdas, Comparing sequential forecasters (Operations Research 2024),
        empirical-Bernstein e-process, mixed over ten rates.
        """
        beyond = bet.sign * (self.gained - bet.margin * self.pairs)
        squares = excess * self.squares
        return log_mean([rate * beyond - cost(rate) * squares for rate in RATES])

    def is_possible(self, bets: dict[Claim, Bet]) -> bool:
        """Say whether pairs with these sums can make bets grow so; if not, it was corrupted.

        `stake * x - cost * x**2 <= log(1 + stake * x) <= stake * x` holds for every pair, and so
        for the sums.
        """
        if self.growth.keys() != bets.keys() or abs(self.gained) > self.pairs + _ROUNDED:
            return False
        return all(
            len(self.growth[claim]) == len(bet.stakes)
            and all(map(partial(self._can_be, bet), bet.stakes, self.growth[claim]))
            for claim, bet in bets.items()
        )

    def _can_be(self, bet: Bet, stake: float, growth: float) -> bool:
        n, margin, scale = self.pairs, bet.margin, 1 + abs(bet.margin)
        total = bet.sign * (self.gained - n * margin) / scale
        squares = (self.squares - 2 * margin * self.gained + n * margin**2) / scale**2
        high, slack = stake * total, _ROUNDED * (1 + n)
        return high - cost(stake) * squares - slack <= growth <= high + slack


def log_mean(growths: Sequence[float]) -> float:
    """Log of the mean wealth of bets with these growths."""
    most = max(growths)
    return most + log(sum(exp(growth - most) for growth in growths) / len(growths))


def further_pairs(growths: Sequence[float], pairs: int, log_limit: float) -> float | None:
    """Say how many more pairs a claim takes if each bet goes on growing as it did so far.

    Args:
        growths: of its bets.
        pairs: over how many pairs they have grown, at least one.
        log_limit: from where on the claim counts as shown.

    Returns:
        0 when it is shown; `None` when it is not to be expected.

    Source: ours; the bets' own mean growth is their rate under the empirical distribution, and the
    price of mixing them is in the limit that the mixture has to reach.
    """

    def is_shown(times: float) -> bool:
        return log_mean([growth * times for growth in growths]) >= log_limit

    if is_shown(1.0):
        return 0.0
    low, high = 1.0, 1.0 + _FARTHEST
    if not is_shown(high):
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_shown(middle) else (middle, high)
    return (high - 1) * pairs


def cost(rate: float) -> float:
    """Say what the square of a step costs at most, for steps that never lose more than 1."""
    return -log1p(-rate) - rate
