"""What the gate bench asks: how often a claim is wrong, and how many pairs a right one takes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.bets import OF_LOSSES, OF_MISTAKES, Bet
from core.domain.standing import Decision
from infra.local.gate_bench.methods import (
    Bets,
    BetsOnRows,
    FixedHorizon,
    Method,
    OBrienFleming,
    OnAverage,
    Peeking,
)
from infra.local.gate_bench.simulate import Found, decide
from infra.local.gate_bench.trials import Trial, days_until_breach, trial
from infra.local.gate_bench.worlds import World, of_decisions, of_scores

Progress = Callable[[str], None]

_UNUSED: Final = OF_MISTAKES  # each method has its own stakes, if any
_GAIN: Final = Bet(margin=0.0, sign=1, stakes=_UNUSED)
_HARM: Final = Bet(margin=0.0, sign=-1, stakes=_UNUSED)


@dataclass(frozen=True)
class Question:
    """One column of the table."""

    heading: str
    world: World
    claim: Bet
    is_false: bool
    """Whether the claim is wrong in this world; else it is right."""

    @property
    def takes_turns(self) -> bool:
        """Whether it is right on every other day, and wrong on average only."""
        return len(self.world.turns) > 1


DECISIONS: Final = (
    Question("gain at 0", of_decisions(0.0, churn=0.05), _GAIN, is_false=True),
    Question("gain at -0.5", of_decisions(-0.005, churn=0.05), _GAIN, is_false=True),
    Question(
        "refresh at -0.5",
        of_decisions(-0.005, churn=0.05),
        Bet(margin=-0.005, sign=1, stakes=_UNUSED),
        is_false=True,
    ),
    Question("gain at -2, +2", of_decisions(0.02, -0.02, churn=0.08), _GAIN, is_false=True),
    Question(
        "gain, weather",
        of_decisions(0.06, -0.06, churn=0.12, is_random=True),
        _GAIN,
        is_false=True,
    ),
    Question(
        "by weeks",
        of_decisions(0.06, -0.06, churn=0.12, is_random=True, lasts=7),
        _GAIN,
        is_false=True,
    ),
    Question("+2", of_decisions(0.02, churn=0.08), _GAIN, is_false=False),
    Question("+1", of_decisions(0.01, churn=0.06), _GAIN, is_false=False),
    Question("-3", of_decisions(-0.03, churn=0.10), _HARM, is_false=False),
    Question("-10", of_decisions(-0.10, churn=0.20), _HARM, is_false=False),
)
"""Losses of 0 or 1, in points of accuracy; the share of decisions that change: 5, 8, 6, 10, 20 %.

The last three of the false claims are false on average: the effect takes turns day by day, or
chance says of each day, or of each week, whose turn it is, as weather does (6 points either way).
"""

SCORES: Final = (
    Question("gain at 0", of_scores(0.0), _GAIN, is_false=True),
    Question("gain at -0.2", of_scores(-0.002), _GAIN, is_false=True),
    Question(
        "refresh at -0.2",
        of_scores(-0.002),
        Bet(margin=-0.002, sign=1, stakes=_UNUSED),
        is_false=True,
    ),
    Question("gain at -1, +1", of_scores(0.01, -0.01), _GAIN, is_false=True),
    Question("gain, weather", of_scores(0.01, -0.01, is_random=True), _GAIN, is_false=True),
    Question(
        "by weeks",
        of_scores(0.01, -0.01, is_random=True, lasts=7),
        _GAIN,
        is_false=True,
    ),
    Question("+0.5", of_scores(0.005), _GAIN, is_false=False),
    Question("+0.25", of_scores(0.0025), _GAIN, is_false=False),
    Question("-0.5", of_scores(-0.005), _HARM, is_false=False),
    Question("-1.9", of_scores(-0.019), _HARM, is_false=False),
)
"""Brier scores, in hundredths, about as far apart as those of real retrains."""

TO_BEAT: Final = {"+2": 1897, "+1": 5216, "-3": 1124, "-10": 312}
"""Mean pairs of the first simulations of this gate, with stakes from 0.03 to 0.5."""

EFFECTS: Final = (-0.01, -0.005, -0.0025, -0.002, -0.001, 0.0, 0.001, 0.0025, 0.005, 0.01)
"""True gains of the trials whose days are foretold, in Brier score.

At -0.002, the margin, a promotion is wrong, and at 0.001, the least gain, a kill is.
"""


@dataclass(frozen=True)
class Row:
    """What one method found of each question."""

    method: str
    found: tuple[Found, ...]


def rows_of(
    questions: Sequence[Question], methods: Sequence[Method], runs: int, seed: int, say: Progress
) -> list[Row]:
    """Ask every method every question, on the same draws where they look alike."""
    rows = []
    for method in methods:
        found = []
        for question in questions:
            say(f"{method.name}: {question.heading}")
            found.append(decide(method, question.world, question.claim, runs, seed))
        rows.append(Row(method.name, tuple(found)))
    return rows


def of_decisions_methods(seed: int) -> tuple[Method, ...]:
    """The gate, and what people use instead."""
    planned = OBrienFleming.planned(np.random.default_rng(seed))
    return (
        Bets(OF_MISTAKES),
        BetsOnRows(OF_MISTAKES),
        OnAverage(),
        FixedHorizon(),
        Peeking(),
        planned,
    )


def of_scores_methods() -> tuple[Method, ...]:
    """The gate, and the test without a plan; of what size to plan nobody would know."""
    return (Bets(OF_LOSSES), BetsOnRows(OF_LOSSES), OnAverage(), Peeking())


@dataclass(frozen=True)
class Foretold:
    """Trials of one true gain."""

    effect: float
    decisions: dict[Decision, int]
    days: float
    """Mean until a decision."""
    ratios: tuple[float, ...]
    """Foretold by actual days, of each day with a forecast."""


def foretold(runs: int, seed: int, say: Progress) -> list[Foretold]:
    """Play trials of the product's own records, and hold what was foretold against what came."""
    rng = np.random.default_rng(seed)
    found = []
    for effect in EFFECTS:
        say(f"trials of {effect:+.4f}")
        world = of_scores(effect)
        trials: list[Trial] = [trial(world, rng) for _ in range(runs)]
        ratios = tuple(ratio for one in trials for ratio in one.ratios)
        decisions = dict(Counter(one.decision for one in trials))
        days = float(np.mean([one.days for one in trials]))
        found.append(Foretold(effect, decisions, days, ratios))
    return found


@dataclass(frozen=True)
class Watched:
    """The watch after promotions."""

    false_share: float
    """Of promotions to an equal version, those that were called a breach within 60 days."""
    seen_share: float
    """Of those that turn bad after a good month, by half a hundredth, those that were seen."""
    days: float
    """Median days from the turn until it was seen."""


def watched(runs: int, seed: int, say: Progress) -> Watched:
    """Play what the last champion sees in shadow after it was replaced."""
    rng = np.random.default_rng(seed)
    say("the watch after promotions")
    same, better, worse = of_scores(0.0), of_scores(-0.005), of_scores(0.005)
    quiet = [days_until_breach(same, same, 0, rng) for _ in range(runs)]
    turned = np.array([days_until_breach(better, worse, 30, rng) for _ in range(runs)])
    seen = turned[turned > 0]
    return Watched(
        false_share=float(np.mean(np.array(quiet) != 0)),
        seen_share=len(seen) / runs,
        days=float(np.median(seen)),
    )
