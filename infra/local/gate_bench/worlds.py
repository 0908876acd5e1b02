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
    lasts: int = 1
    """For how many days chance lets it be."""

    def drawn(self, looks: int, step: int, rng: np.random.Generator, runs: int) -> Counts:
        """Draw so many pairs between two looks; shape (runs, looks, values).

        A day has `DAY` pairs: looks that lie more than a day apart see several turns mixed.
        """
        days = -(-looks * step // DAY)
        turn = self._turns(days, rng, runs)
        if step == DAY:
            chances = self.turns[turn]
        else:
            chances = _parts_of_days(looks, step, days) @ self.turns[turn]
        return rng.multinomial(step, chances, size=(runs, looks))

    def _turns(self, days: int, rng: np.random.Generator, runs: int) -> Counts:
        """Say whose turn each day is; shape (runs, days)."""
        if not self.is_random:
            return np.broadcast_to(np.arange(days) % len(self.turns), (runs, days))
        begun = rng.integers(self.lasts, size=(runs, 1))  # on which of its days the first one is
        drawn = rng.integers(len(self.turns), size=(runs, days // self.lasts + 2))
        return np.take_along_axis(drawn, (np.arange(days) + begun) // self.lasts, axis=1)


def _parts_of_days(looks: int, step: int, days: int) -> Floats:
    """Say which part of the pairs of each look is of each day; shape (looks, days)."""
    looked, day = np.arange(looks)[:, np.newaxis] * step, np.arange(days) * DAY
    shared = np.minimum(looked + step, day + DAY) - np.maximum(looked, day)
    return np.asarray(np.maximum(shared, 0) / step)


def of_decisions(*effects: float, churn: float, is_random: bool = False, lasts: int = 1) -> World:
    """Decisions of which so many change, and of those that do, more become right than wrong.

    Args:
        effects: the mean difference, one for each day of a turn.
        churn: the share of decisions that change.
        is_random: whether chance says which effect a day has.
        lasts: for how many days.
    """
    values = np.array([-1.0, 0.0, 1.0])
    turns = [[(churn - mean) / 2, 1 - churn, (churn + mean) / 2] for mean in effects]
    return World(values, np.array(turns), is_random, lasts)


def of_scores(*effects: float, is_random: bool = False, lasts: int = 1) -> World:
    """Brier scores: most differ by little (0.03), one in fourteen by much (0.12 on average)."""
    values = np.sinh(np.linspace(-_BEND, _BEND, _VALUES)) / np.sinh(_BEND)  # closer about zero
    width = np.gradient(values)
    little = width * np.exp(-((values / 0.03) ** 2) / 2)
    much = width * np.exp(-np.abs(values) / 0.12)
    usual = 13 / 14 * little / little.sum() + 1 / 14 * much / much.sum()
    turns = np.array([_with_mean(usual, values, mean) for mean in effects])
    return World(values, turns, is_random, lasts)


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
