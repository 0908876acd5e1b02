"""On which terms two versions are compared: error rates, margins, guards; fixed beforehand."""

from math import log
from typing import Literal

from core.domain.base import Value
from core.domain.bets import (
    OF_LOSSES,
    OF_MISTAKES,
    Bet,
    Claim,
    bets_on_losses,
    bets_on_no_worse,
)
from core.domain.model_config import ModelConfig
from core.domain.where import Where

Trial = Literal["shadow", "canary", "guard"]
"""As what the version is compared: a challenger in shadow, a canary, or the last champion."""

DECISION = "decision"
"""The guard that looks at decisions; the others are named as their slices."""


class Guard(Value):
    """A part of the picture that must be no worse, whatever the whole gains."""

    name: str
    where: Where | None
    """The rows of a protected slice; `None`: all rows, by the decisions that are made of them."""
    is_of_mistakes: bool
    """Whether it counts decisions that are right or wrong, losses of 0 or 1."""

    def bets(self, margin: float) -> dict[Claim, Bet]:
        """The claim that must hold: no worse by the margin."""
        return bets_on_no_worse(margin, OF_MISTAKES if self.is_of_mistakes else OF_LOSSES)


class Terms(Value):
    """What is claimed, and how surely; other terms are another comparison."""

    alpha: float
    """How often at most each claim may be wrong."""
    margin: float
    least_gain: float
    decision_margin: float
    measured: str
    """Of which target and decision the losses are: what they mean, in words."""
    is_split: bool
    """Whether entities were split at random: then no row has two predictions to compare."""
    guards: tuple[Guard, ...]

    @property
    def bets(self) -> dict[Claim, Bet]:
        """The four claims of the gate."""
        return bets_on_losses(self.margin, self.least_gain)

    @property
    def log_limit(self) -> float:
        """The log of the e-value from which a claim counts as shown; reached counts."""
        return log(1 / self.alpha)

    @property
    def log_limit_of_a_breach(self) -> float:
        """That from which a guard counts as violated.

        Several guards may each kill a version, so they share alpha (Bonferroni).
        """
        return log(max(len(self.guards), 1) / self.alpha)

    @property
    def most_apart(self) -> int:
        """How many cohorts are kept apart, so that the record fits into 400 KB in the store."""
        numbers = sum(len(bet.stakes) for bet in self.bets.values())
        numbers += sum(len(OF_LOSSES) + _BESIDE for _ in self.guards)
        return max(_FEWEST_APART, _MOST_NUMBERS // numbers)


_BESIDE = 3  # pairs and two sums of a guard stand beside its bets
_MOST_NUMBERS = 15_000
_FEWEST_APART = 21


def terms_of(config: ModelConfig, trial: Trial) -> Terms:
    """Read the terms of a comparison off the config.

    Of several classes or two, the decision is right or wrong. Protected slices are small, so they
    are judged by the proper loss: its differences vary far less, and some hundred rows show what
    decisions would show in thousands.

    The last champion is on watch, not on trial: whatever its slices do, users are better off with
    it as soon as it loses less. So it has no guards.
    """
    stages, target = config.stages, config.target
    protected = [part for part in config.evaluation.slices if part.is_protected]
    guards = (
        Guard(name=DECISION, where=None, is_of_mistakes=target.task != "regression"),
        *(Guard(name=part.name, where=part.where, is_of_mistakes=False) for part in protected),
    )
    return Terms(
        alpha=stages.alpha,
        margin=stages.margin,
        least_gain=stages.least_gain,
        decision_margin=stages.decision_margin,
        measured=_measured(config),
        is_split=stages.has_feedback_loop,
        guards=() if trial == "guard" else guards,
    )


def _measured(config: ModelConfig) -> str:
    target = config.target
    if target.task == "binary":
        return f"{target.column}, decided at {config.evaluation.cut}"
    if target.between is not None:
        within = f"{target.column} between {target.between[0]} and {target.between[1]}"
        return within if target.quantile is None else f"{target.quantile} quantile of {within}"
    return f"{target.column}: {', '.join(target.classes)}"
