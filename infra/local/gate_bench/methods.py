"""Ways to decide whether a claim is shown: the product's, and those that people use instead."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from core.domain.bets import Bet, Stakes
from core.domain.wealth import RATES, cost
from functions.arrays import Flags, Floats
from functions.ml.judging.betting import growths
from infra.local.gate_bench.excess import excess, lasting_excess
from infra.local.gate_bench.worlds import DAY

ALPHA: Final = 0.05
HORIZON: Final = 34_000
_ONE_SIDED: Final = 1.6448536269514722  # the 95 % point of the normal distribution
_POWER: Final = 1.2815515655446004  # its 90 % point: a trial is planned to miss one gain in ten
_LEAST: Final = 0.005
_CHURN: Final = 0.05
"""What the trials of a fixed size are planned for, as nobody knows the effect beforehand."""

FIXED: Final = round((_ONE_SIDED + _POWER) ** 2 * (_CHURN - _LEAST**2) / _LEAST**2)
"""Pairs that show a gain of half a point with power 0.9."""


@dataclass(frozen=True)
class Seen:
    """How often each difference fell, in many runs."""

    before: Floats
    """Shape (runs, days, values): on the validation days."""
    counts: Floats
    """Shape (runs, looks, values): until each look."""
    values: Floats
    """Shape (values,), the differences."""

    @property
    def of_day(self) -> Floats:
        """Between two looks, which are a day apart."""
        return np.diff(self.counts, axis=1, prepend=0)


class Method(Protocol):
    """Looks at the pairs every so often and says whether a claim is shown."""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        ...

    @property
    def looks(self) -> int:
        """How many there are at the most."""
        ...

    @property
    def step(self) -> int:
        """Pairs between two looks."""
        ...

    def shows(self, seen: Seen, bet: Bet) -> Flags:
        """Say at which looks the claim is shown; shape (runs, looks)."""
        ...


@dataclass(frozen=True)
class Bets:
    """The product's gate."""

    stakes: Stakes
    name: str = "bets (the gate)"
    looks: int = HORIZON // DAY
    step: int = DAY

    def shows(self, seen: Seen, bet: Bet) -> Flags:
        """See Method."""
        staked = bet.model_copy(update={"stakes": self.stakes})
        counts, values = seen.counts, seen.values
        grown = counts @ growths(values, staked)
        much = _excess(seen, bet)[..., np.newaxis]
        beyond = counts @ np.square((values - bet.margin) / (1 + abs(bet.margin)))
        charge = (much - 1) * beyond[..., np.newaxis] * np.square(np.array(self.stakes)) / 2
        return _mixed(np.concatenate([grown / much, grown - charge], axis=-1))


@dataclass(frozen=True)
class BetsOnRows:
    """The same bets, which count the rows of a day as independent."""

    stakes: Stakes
    name: str = "bets, days ignored"
    looks: int = HORIZON // DAY
    step: int = DAY

    def shows(self, seen: Seen, bet: Bet) -> Flags:
        """See Method."""
        staked = bet.model_copy(update={"stakes": self.stakes})
        return _mixed(seen.counts @ growths(seen.values, staked))


@dataclass(frozen=True)
class OnAverage:
    """The product's second readout, which drift cannot mislead."""

    name: str = "bets, on average"
    looks: int = HORIZON // DAY
    step: int = DAY

    def shows(self, seen: Seen, bet: Bet) -> Flags:
        """See Method."""
        beyond = bet.sign * (seen.counts @ (seen.values - bet.margin))
        squares = seen.counts @ np.square(seen.values) * _excess(seen, bet)
        grown = [rate * beyond - cost(rate) * squares for rate in RATES]
        return _mixed(np.stack(grown, axis=-1))


@dataclass(frozen=True)
class FixedHorizon:
    """One look, after as many pairs as were planned."""

    name: str = "fixed horizon"
    looks: int = 1
    step: int = FIXED

    def shows(self, seen: Seen, bet: Bet) -> Flags:
        """See Method."""
        return _z(seen, bet) >= _ONE_SIDED


@dataclass(frozen=True)
class Peeking:
    """The same test, repeated every day until it shows something."""

    name: str = "z-test each day"
    looks: int = HORIZON // DAY
    step: int = DAY

    def shows(self, seen: Seen, bet: Bet) -> Flags:
        """See Method."""
        return _z(seen, bet) >= _ONE_SIDED


@dataclass(frozen=True)
class OBrienFleming:
    """So many looks that are planned beforehand, with limits that fall from look to look.

    Source: O'Brien and Fleming, A multiple testing procedure for clinical trials (Biometrics 1979).
    """

    limit: float
    """Of the last look; at look k of n it is sqrt(n / k) times as high."""
    step: int
    looks: int = 20
    name: str = "O'Brien-Fleming, 20 looks"

    @classmethod
    def planned(cls, rng: np.random.Generator, runs: int = 100_000) -> "OBrienFleming":
        """Find limit and size by simulation of the Brownian motion that the looks are taken of."""
        steps = rng.normal(0.0, np.sqrt(1 / cls.looks), size=(runs, cls.looks))
        motion = np.cumsum(steps, axis=1)
        limit = float(np.quantile(motion.max(axis=1), 1 - ALPHA))
        times = np.arange(1, cls.looks + 1) / cls.looks
        drifts = np.linspace(2.5, 4.0, 151)
        power = np.array([((motion + d * times).max(axis=1) >= limit).mean() for d in drifts])
        drift = drifts[np.searchsorted(power, 0.9)]
        size = FIXED * (drift / (_ONE_SIDED + _POWER)) ** 2
        return cls(limit, round(size / cls.looks))

    def shows(self, seen: Seen, bet: Bet) -> Flags:
        """See Method."""
        look = np.arange(1, self.looks + 1)
        return _z(seen, bet) >= self.limit * np.sqrt(self.looks / look)


def _mixed(grown: Floats) -> Flags:
    most = grown.max(axis=-1, keepdims=True)
    log_e = most[..., 0] + np.log(np.exp(grown - most).mean(axis=-1))
    return np.asarray(log_e >= np.log(1 / ALPHA))


def _excess(seen: Seen, bet: Bet) -> Floats:
    """What speaks for a promotion pays for weather that lasts, what speaks for a kill does not."""
    much = lasting_excess if bet.sign > 0 else excess
    return much(seen.before, seen.of_day, seen.values)


def _z(seen: Seen, bet: Bet) -> Floats:
    """How many standard errors the mean lies beyond the margin; 0 where nothing varies."""
    counts, values = seen.counts, seen.values
    pairs = counts.sum(axis=-1)
    mean = counts @ values / pairs
    variance = counts @ np.square(values) / pairs - mean**2
    with np.errstate(divide="ignore", invalid="ignore"):
        z = bet.sign * (mean - bet.margin) * np.sqrt(pairs / variance)
    return np.where(variance > 0, z, 0.0)
