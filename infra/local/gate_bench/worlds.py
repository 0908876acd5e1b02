"""Worlds in which the truth is known: how often each difference of losses falls."""

from dataclasses import dataclass

import numpy as np

from functions.arrays import Counts, Floats

DAY = 250
"""Pairs of a day."""

VALIDATION_DAYS = 7
"""Days on which both versions were judged before the trial: they show how much days differ."""

_HALVINGS = 60
_VALUES, _BEND = 41, 4.0


@dataclass(frozen=True)
class World:
    """The differences of losses there are, what serves less the version, and their chances."""

    values: Floats
    """Shape (values,), -1..1."""
    turns: Floats
    """Shape (turns, values): the chances, which sum to 1; they take turns, a day each."""
    is_random: bool = False
    """Whether chance says whose turn it is, as weather does."""

    def drawn(self, looks: int, step: int, rng: np.random.Generator, runs: int) -> Counts:
        """Draw so many pairs between two looks; shape (runs, looks, values).

        Where more than a day lies between two looks, turns have mixed by then.
        """
        turns = self.turns if step == DAY else self.turns.mean(axis=0, keepdims=True)
        if self.is_random and len(turns) > 1:
            chances = turns[rng.integers(len(turns), size=(runs, looks))]
            return rng.multinomial(step, chances)
        chances = turns[np.arange(looks) % len(turns)]
        return rng.multinomial(step, chances, size=(runs, looks))


def of_decisions(*effects: float, churn: float, is_random: bool = False) -> World:
    """Decisions of which so many change, and of those that do, more become right than wrong.

    Args:
        effects: the mean difference, one for each day of a turn.
        churn: the share of decisions that change.
        is_random: whether chance says which effect a day has.
    """
    values = np.array([-1.0, 0.0, 1.0])
    turns = [[(churn - mean) / 2, 1 - churn, (churn + mean) / 2] for mean in effects]
    return World(values, np.array(turns), is_random)


def of_scores(*effects: float, is_random: bool = False) -> World:
    """Brier scores: most differ by little (0.03), one in fourteen by much (0.12 on average)."""
    values = np.sinh(np.linspace(-_BEND, _BEND, _VALUES)) / np.sinh(_BEND)  # closer about zero
    width = np.gradient(values)
    little = width * np.exp(-((values / 0.03) ** 2) / 2)
    much = width * np.exp(-np.abs(values) / 0.12)
    usual = 13 / 14 * little / little.sum() + 1 / 14 * much / much.sum()
    turns = np.array([_with_mean(usual, values, mean) for mean in effects])
    return World(values, turns, is_random)


def _with_mean(chances: Floats, values: Floats, mean: float) -> Floats:
    """Lean chances towards a mean, and change them as little as can be (exponential tilting)."""
    low, high = -50.0, 50.0
    leaning = chances
    for _ in range(_HALVINGS):
        lean = (low + high) / 2
        leaning = chances * np.exp(lean * values)
        leaning /= leaning.sum()
        low, high = (lean, high) if leaning @ values < mean else (low, lean)
    return leaning
