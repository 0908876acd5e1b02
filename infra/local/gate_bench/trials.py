"""Whole trials of the product's own records: decisions, foretold and actual days, and the watch."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.bets import Claim
from core.domain.days import Days
from core.domain.standing import Booked, Decision, Standing
from core.domain.terms import Terms
from core.domain.time_to_decide import expected_from
from functions.ml.judging.betting import weigh
from infra.local.gate_bench.worlds import DAY, VALIDATION_DAYS, World

_DAYS: Final = 120
_WATCHED_DAYS: Final = 60

TERMS: Final = Terms(
    alpha=0.05,
    margin=0.002,
    least_gain=0.001,
    decision_margin=0.01,
    measured="Brier score",
    is_split=False,
    guards=(),
)
"""The default config's, for one loss alone."""


@dataclass(frozen=True)
class Trial:
    """How one trial went."""

    decision: Decision
    days: int
    ratios: tuple[float, ...]
    """Of each day on which the card foretold a decision: days foretold by actual days."""


def trial(world: World, rng: np.random.Generator) -> Trial:
    """Let a version be judged day by day until something is decided."""
    now = Standing.at_first(TERMS, _validation_days(world, rng), is_on_watch=False)
    foretold: dict[int, int] = {}
    for day in range(1, _DAYS + 1):
        now = now.after(_day(world, day, rng), TERMS)
        if now.decision != "undecided":
            ratios = tuple(days / (day - when) for when, days in foretold.items())
            return Trial(now.decision, day, ratios)
        expected = expected_from(now, TERMS, DAY)
        if expected is not None:
            foretold[day] = expected.days
    return Trial("undecided", _DAYS, ())


def days_until_breach(before: World, then: World, quiet: int, rng: np.random.Generator) -> int:
    """Watch after a promotion that is well for some days; 0 where no breach is seen.

    Returns:
        days from the change on; a breach before the change counts as negative days.
    """
    now = Standing.at_first(TERMS, _validation_days(before, rng), is_on_watch=True)
    for day in range(1, quiet + _WATCHED_DAYS + 1):
        now = now.after(_day(before if day <= quiet else then, day, rng), TERMS)
        if Claim.GAIN in now.shown:
            return day - quiet
    return 0


def _validation_days(world: World, rng: np.random.Generator) -> Days:
    days = Days()
    for number in range(VALIDATION_DAYS):
        found = _day(world, number, rng)
        days = days.plus(Days.of(found.pairs, found.gained, found.squares))
    return days


def _day(world: World, day: int, rng: np.random.Generator) -> Booked:
    counts = rng.multinomial(DAY, world.turns[day % len(world.turns)])
    pairs = np.repeat(world.values, counts)
    return Booked(partition=f"{day:03}", basis="", main=weigh(pairs, TERMS.bets), guards=())
