"""Bets on paired loss differences: how much each grows with a batch of pairs."""

from typing import Final

import numpy as np

from core.domain.bets import Bet, Claim
from core.domain.wealth import Weighed
from functions.arrays import Floats

_DIGITS: Final = 1e6  # kept of a growth; the rest is rounded down, so that nothing claims too much
_AT_ONCE: Final = 100_000  # pairs; a day of millions would else take gigabytes


def growths(differences: Floats, bet: Bet) -> Floats:
    """Say by how much each pair makes the log wealth of each bet grow.

    Args:
        differences: shape (pairs,), -1..1: the loss of what serves less that of the version.
        bet: the claim, and the stakes.

    Returns:
        shape (pairs, stakes), finite: no stake reaches 1, so that no pair ruins a bet.

    Source: Waudby-Smith and Ramdas (JRSS-B 2024), with stakes that are fixed beforehand.
    """
    steps = bet.sign * (differences - bet.margin) / (1 + abs(bet.margin))
    return np.asarray(np.log1p(np.outer(steps, bet.stakes)))


def weigh(differences: Floats, bets: dict[Claim, Bet]) -> Weighed:
    """Sum up a batch; the sums of several batches add, in any order.

    Args:
        differences: shape (pairs,), -1..1; none at all is a batch as well.
        bets: the claims.
    """
    starts = range(0, len(differences), _AT_ONCE)
    grown = {claim: np.zeros(len(bet.stakes)) for claim, bet in bets.items()}
    for claim, bet in bets.items():
        for start in starts:
            grown[claim] += growths(differences[start : start + _AT_ONCE], bet).sum(axis=0)
    return Weighed(
        pairs=len(differences),
        gained=float(differences.sum()),
        squares=float(np.square(differences).sum()),
        growth={
            claim: tuple((np.floor(sums * _DIGITS) / _DIGITS).tolist())
            for claim, sums in grown.items()
        },
    )
