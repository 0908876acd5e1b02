"""How many more pairs and days a comparison takes until its decision, at the pace so far."""

from math import ceil
from typing import Final

from core.domain.base import Value
from core.domain.bets import Claim
from core.domain.days import Days
from core.domain.evidence import Evidence
from core.domain.standing import Standing
from core.domain.terms import Guard, Terms
from core.domain.wealth import Weighed, further_pairs

_FEWEST_COHORTS: Final = 3  # one day may be odd, and of two nobody knows which
_LATELY: Final = 7
_LONGEST_DAYS: Final = 365


class Expected(Value):
    """When a decision is to be expected."""

    pairs: int
    """How many more."""
    days: int
    """As many cohorts as these pairs take, at the size of the last ones."""


def expected(evidence: Evidence) -> Expected | None:
    """Say when the decision is to be expected.

    `None` when it is there, with fewer than three cohorts, and where nothing is to be expected
    within a year.
    """
    lately = [booked.pairs for booked in evidence.cohorts[-_LATELY:]]
    return expected_from(evidence.standing, evidence.terms, sum(lately) / max(len(lately), 1))


def expected_from(now: Standing, terms: Terms, pairs_a_day: float) -> Expected | None:
    """Say the same of one moment, at so many pairs a day."""
    if now.decision != "undecided" or now.cohorts < _FEWEST_COHORTS or not pairs_a_day:
        return None
    further = _further(now, terms)
    if further is None or further > _LONGEST_DAYS * pairs_a_day:
        return None
    return Expected(pairs=max(ceil(further), 1), days=max(ceil(further / pairs_a_day), 1))


def _further(now: Standing, terms: Terms) -> float | None:
    """Say how many more pairs a decision takes, 0 or more; `None`: none is to be expected.

    Source: ours; follows the order in which claims wait for each other when a decision is made.
    """
    gain = now.further_pairs(Claim.GAIN, terms)
    if now.watched:
        return gain
    kill = _with_its_stronger(now, Claim.FUTILE, Claim.HARMFUL, terms)
    promotion = _with_its_stronger(now, Claim.REFRESH, Claim.GAIN, terms)
    guards = _further_of_guards(now, terms)
    if promotion is None or guards is None:
        return kill
    promotion = max(promotion, guards)
    return promotion if kill is None else min(kill, promotion)


def _with_its_stronger(now: Standing, weaker: Claim, stronger: Claim, terms: Terms) -> float | None:
    """The weaker claim comes first, and waits for the stronger one where that is near by then."""
    first, then = now.further_pairs(weaker, terms), now.further_pairs(stronger, terms)
    if first is None or then is None:
        return first
    is_near_by_then = then <= now.main.pairs + 2 * first
    return max(first, then) if is_near_by_then else first


def _further_of_guards(now: Standing, terms: Terms) -> float | None:
    """All must be shown; each grows with the whole, a small slice slowly."""
    further = [
        0.0 if guard.name in now.held else _further_of(guard, weighed, days, now, terms)
        for guard, weighed, days in zip(terms.guards, now.guards, now.days_of_guards, strict=True)
    ]
    known = [pairs for pairs in further if pairs is not None]
    return max(known, default=0.0) if len(known) == len(further) else None


def _further_of(
    guard: Guard, weighed: Weighed, days: Days, now: Standing, terms: Terms
) -> float | None:
    [(claim, bet)] = guard.bets(terms.decision_margin).items()
    much = now.excess_of(days, claim)
    if much is None:
        return None
    return further_pairs(weighed.growths(claim, bet, much), now.main.pairs, terms.log_limit)
