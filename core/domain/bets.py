"""What can be claimed of two versions, and the fixed bets by which each claim is tested.

D, the loss of what serves less the loss of the version on the same row, lies in -1..1. A bet with
stake s on a claim grows with each D by the factor `1 + s * sign * (D - margin) / (1 + |margin|)`.
Where the claim is false it cannot grow on average, so that the mean wealth of several bets ever
reaches 1 / alpha with probability alpha at the most: whenever one looks, however often.

Source: Ville's inequality; Waudby-Smith and Ramdas, Estimating means of bounded random variables by
betting (JRSS-B 2024). Stakes are fixed beforehand and never follow the data: only so the logs of
wealth add up in any order of the batches, a universal portfolio (Ryu and Bhatt, arXiv 2207.12382).
"""

from enum import StrEnum
from typing import Final, Literal

from core.domain.base import Value

Stakes = tuple[float, ...]

_HOW_MANY: Final = 8


class Claim(StrEnum):
    """What the pairs can show, each tested by itself."""

    GAIN = "gain"
    """The version loses less than what it is compared with."""
    REFRESH = "refresh"
    """It is no worse than that by the margin."""
    HARMFUL = "harmful"
    """It loses more."""
    FUTILE = "futile"
    """It does not gain as much as would be worth a promotion."""


class Bet(Value):
    """One claim: that the mean of D lies above the margin, or below it."""

    margin: float
    sign: Literal[-1, 1]
    """1: above; -1: below."""
    stakes: Stakes


def _spread(lowest: float, highest: float) -> Stakes:
    step = (highest / lowest) ** (1 / (_HOW_MANY - 1))
    return tuple(lowest * step**place for place in range(_HOW_MANY))


OF_LOSSES: Final[Stakes] = _spread(0.05, 0.95)
"""For proper losses such as Brier's, whose differences are small: the best stakes are high."""
OF_MISTAKES: Final[Stakes] = _spread(0.07, 0.5)
"""For losses of 0 or 1: a stake near 1 would be ruined by the first row that goes wrong."""


def bets_on_losses(margin: float, least_gain: float) -> dict[Claim, Bet]:
    """Make the bets of the gate; all have the same stakes.

    Then refresh is shown wherever gain is, and futile wherever harmful is: for each D the first
    bet of such a pair grows at least as much as the second. So promoting on either of two claims
    errs as seldom as promoting on the weaker one alone, and killing as well: no correction for
    testing two at once is needed.
    """
    return {
        Claim.GAIN: Bet(margin=0.0, sign=1, stakes=OF_LOSSES),
        Claim.REFRESH: Bet(margin=-margin, sign=1, stakes=OF_LOSSES),
        Claim.HARMFUL: Bet(margin=0.0, sign=-1, stakes=OF_LOSSES),
        Claim.FUTILE: Bet(margin=least_gain, sign=-1, stakes=OF_LOSSES),
    }


def bets_on_no_worse(margin: float, stakes: Stakes) -> dict[Claim, Bet]:
    """Make the one bet of a guard: that a part of the rows, or their decisions, are no worse."""
    return {Claim.REFRESH: Bet(margin=-margin, sign=1, stakes=stakes)}
