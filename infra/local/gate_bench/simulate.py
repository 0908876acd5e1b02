"""Let methods decide in many runs of a world, and count."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.bets import Bet
from infra.local.gate_bench.methods import Method, Seen
from infra.local.gate_bench.worlds import DAY, VALIDATION_DAYS, World

_AT_ONCE: Final = 250  # runs; more would not fit into the cache


@dataclass(frozen=True)
class Found:
    """What became of a claim in many runs."""

    share: float
    """Of the runs in which it was shown."""
    pairs: float
    """Mean until it was shown, or until the end."""
    error: float
    """Standard error of that mean."""


def decide(method: Method, world: World, bet: Bet, runs: int, seed: int) -> Found:
    """Look as often as the method looks, until the claim is shown."""
    rng = np.random.default_rng(seed)
    pairs = np.concatenate(
        [
            _until(method, world, bet, rng, min(_AT_ONCE, runs - done))
            for done in range(0, runs, _AT_ONCE)
        ]
    )
    end = method.looks * method.step
    taken = np.where(pairs > 0, pairs, end)
    return Found(
        share=float(np.mean(pairs > 0)),
        pairs=float(taken.mean()),
        error=float(taken.std() / np.sqrt(runs)),
    )


def _until(
    method: Method, world: World, bet: Bet, rng: np.random.Generator, runs: int
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Say after how many pairs it was shown, of each run; 0 where it never was."""
    days = VALIDATION_DAYS if method.step == DAY else 0  # who looks less often has no use for them
    drawn = world.drawn(days + method.looks, method.step, rng, runs).astype(np.float64)
    seen = Seen(drawn[:, :days], drawn[:, days:].cumsum(axis=1), world.values)
    shown = method.shows(seen, bet)
    return np.where(shown.any(axis=1), (shown.argmax(axis=1) + 1) * method.step, 0)
