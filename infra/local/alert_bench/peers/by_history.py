"""Auto-validation by history: constraints are chosen by the errors they would catch.

For each column, errors are injected into the newest partition; of all limits on all statistics
those are chosen that catch most of them while the chance of a false alarm stays in a budget.

Source: Tu et al., Auto-Validate by-History, KDD 2023 (arXiv 2306.02421); written from the paper,
with its greedy choice, Chebyshev's bound, and the normal one for means. Not the authors' code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Final

import numpy as np
import pandas as pd

from infra.local.alert_bench.detector import Finding
from infra.local.alert_bench.peers.frames import Column, Floats, is_number, numbers_of

_BUDGETS: Final = {"avh_like_5": 0.05, "avh_like_20": 0.2}  # false alarms of a partition
_LAGS: Final = (0, 1, 7)  # as it is, against the partition before, against the same weekday
_CALMER: Final = 0.95  # a lag is taken when it leaves less than this of the deviation
_LIMITS: Final = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 7.0, 10.0, 20.0, 50.0)  # in deviations
_MEANS: Final = frozenset({"filled", "mean", "zero", "length", "capital", "most frequent"})
_LEAST_SPREAD: Final = 1e-3  # of the level, so that a constant does not alert on rounding
_GONE: Final = 1e6  # deviations of a statistic that cannot be taken any more
_ROWS: Final = ""
_QUANTILES: Final = np.linspace(0, 1, 17)[1:-1]


@dataclass(frozen=True)
class Series:
    """One statistic's past, made steady by a lag, so that the next value can be judged."""

    expected: float
    deviation: float

    @classmethod
    def of(cls, values: Floats) -> "Series":
        """Choose the lag that leaves the least deviation."""
        lag, deviation = 0, float(values.std())
        for other in _LAGS[1:]:
            left = float((values[other:] - values[:-other]).std())
            if left < _CALMER * deviation:
                lag, deviation = other, left
        steady = values[lag:] - values[:-lag] if lag else values
        expected = float(steady.mean()) + (float(values[-lag]) if lag else 0.0)
        least = _LEAST_SPREAD * abs(float(values.mean())) + 1e-9
        return cls(expected, max(deviation, least))

    def away(self, value: float | None) -> float:
        """Return how many deviations a value is away; very many when there is none."""
        return _GONE if value is None else min(abs(value - self.expected) / self.deviation, _GONE)


@dataclass(frozen=True)
class Limit:
    """No more than so many deviations in one statistic."""

    statistic: str
    deviations: float

    @property
    def false_alarms(self) -> float:
        """Bound the chance that a clean partition breaks it."""
        if self.statistic in _MEANS:
            return erfc(self.deviations / sqrt(2))
        return min(1.0, 1 / self.deviations**2)


@dataclass(frozen=True)
class Usual:
    """The distribution of the first partitions, from which later ones are measured."""

    edges: Floats | None
    """Of bins that hold as many values each; `None` of a text column."""
    shares: "pd.Series[float]"
    """By bin, or by category."""

    @classmethod
    def of(cls, column: Column) -> "Usual":
        """Learn the distribution of a column."""
        numbers = numbers_of(column)
        edges = np.unique(np.quantile(numbers, _QUANTILES)) if len(numbers) else None
        return cls(edges, _shares(column, edges))

    def distance(self, column: Column) -> float | None:
        """Return half the summed difference of shares, 0..1; `None` if there is no value."""
        if (self.edges is not None) != is_number(column) or not column.notna().any():
            return None
        now = _shares(column, self.edges)
        return float(self.shares.sub(now, fill_value=0).abs().sum()) / 2


class ByHistory:
    """Constraints with a budget for the partition that its columns share evenly."""

    names: Final = tuple(_BUDGETS)

    def __init__(self) -> None:
        self._statistics: dict[str, list[dict[str, float]]] = {}
        self._series: dict[str, dict[str, Series]] = {}
        self._usual: dict[str, Usual] = {}
        self._limits: dict[str, dict[str, list[Limit]]] = {}

    def update(self, history: list[pd.DataFrame], _keys: list[str]) -> None:
        """Describe what is new, then choose the limits again."""
        chance = np.random.default_rng(len(history))
        known = len(self._statistics.setdefault(_ROWS, []))
        if not self._usual:
            first = pd.concat(history)
            self._usual = {str(name): Usual.of(first[name]) for name in first}
        for part in history[known:]:
            self._statistics[_ROWS].append({"rows": float(len(part))})
            for name in self._usual:
                self._statistics.setdefault(name, []).append(self._described(name, part[name]))
        for name, past in self._statistics.items():
            series = _series(past)
            errors = (
                [{"rows": past[-1]["rows"] * factor} for factor in (0.3, 0.5, 1.5, 2.0)]
                if name == _ROWS
                else [self._described(name, error) for error in injected(history[-1][name], chance)]
            )
            self._series[name] = series
            self._limits[name] = {
                budget: choose(series, errors, total / len(self._statistics))
                for budget, total in _BUDGETS.items()
            }

    def check(self, partition: pd.DataFrame, _key: str) -> Mapping[str, Finding]:
        """Alert when a limit is broken; the score is how many times the worst one is."""
        now = {name: self._described(name, partition[name]) for name in self._usual}
        now[_ROWS] = {"rows": float(len(partition))}
        return {budget: self._judged(budget, now) for budget in _BUDGETS}

    def _judged(self, budget: str, now: dict[str, dict[str, float]]) -> Finding:
        worst: dict[str, float] = {}
        for name, limits in self._limits.items():
            series = self._series[name]
            broken = (
                series[limit.statistic].away(now[name].get(limit.statistic)) / limit.deviations
                for limit in limits[budget]
            )
            worst[name] = max(broken, default=0.0)
        ranked = sorted(worst, key=lambda name: -worst[name])
        score = worst[ranked[0]]
        return score > 1, score, [name for name in ranked if name != _ROWS]

    def _described(self, name: str, column: Column) -> dict[str, float]:
        moved = self._usual[name].distance(column)
        return describe(column) if moved is None else describe(column) | {"moved": moved}


def choose(series: dict[str, Series], errors: list[dict[str, float]], budget: float) -> list[Limit]:
    """Choose limits greedily: most errors caught for each part of the budget.

    Args:
        series: each statistic's past.
        errors: the statistics of the column with each of the injected errors.
        budget: the sum of false alarms that the chosen limits may have.
    """
    catches = {
        limit: {
            place
            for place, error in enumerate(errors)
            if series[statistic].away(error.get(statistic)) > limit.deviations
        }
        for statistic in series
        for limit in (Limit(statistic, deviations) for deviations in _LIMITS)
    }
    chosen: list[Limit] = []
    caught: set[int] = set()
    while True:
        left = budget - sum(limit.false_alarms for limit in chosen)
        useful = [
            limit
            for limit, errors_caught in catches.items()
            if errors_caught - caught and limit.false_alarms <= left
        ]
        if not useful:
            return chosen
        best = max(
            useful, key=lambda limit: len(catches[limit] - caught) / (limit.false_alarms + 1e-6)
        )
        chosen.append(best)
        caught |= catches[best]


def describe(column: Column) -> dict[str, float]:
    """Return the statistics of a column that can be taken of it."""
    counts = column.value_counts()
    there = max(int(counts.sum()), 1)
    stated = {
        "filled": float(column.notna().mean()),
        "distinct": float(len(counts)),
        "unique": len(counts) / there,
        "most frequent": float(counts.iloc[0]) / there if len(counts) else 0.0,
    }
    numbers = numbers_of(column)
    if len(numbers):
        stated |= {
            "mean": float(numbers.mean()),
            "deviation": float(numbers.std()),
            "least": float(numbers.min()),
            "most": float(numbers.max()),
            "median": float(np.median(numbers)),
            "zero": float((numbers == 0).mean()),
        }
    elif len(counts) and not is_number(column):
        words = pd.Series(counts.index.astype(str))
        weights = counts.to_numpy() / there
        stated |= {
            "length": float(weights @ words.str.len().to_numpy()),
            "capital": float(weights @ words.str.count("[A-Z]").to_numpy()),
        }
    return stated


def injected(column: Column, chance: np.random.Generator) -> Iterator[Column]:
    """Yield the column with each of the errors that the limits are to catch, slight ones too."""
    rows = len(column)
    for share in (0.01, 0.05, 0.2, 1.0):
        lost = chance.random(rows) < share
        yield column.astype(float).mask(lost) if is_number(column) else _texts(column, lost, None)
    few, some = chance.random(rows) < 1 / 20, chance.random(rows) < 1 / 5
    if is_number(column):
        spread = float(column.std()) or 1.0
        yield from (column * 1000, column / 1000, -column)
        yield from (column + factor * spread for factor in (-0.5, -0.25, 0.25, 0.5, 1.0))
        yield column * 0 + column.median()
        yield from (column.mask(where, value) for where in (few, some) for value in (0, -1))
        yield column.astype(str)
    else:
        everywhere = np.ones(rows, dtype=bool)
        yield from (_texts(column, where, "a new one") for where in (few, some, everywhere))
        yield from (column.str.lower(), column.str.upper())
        yield from (_texts(column, where, column.mode().iloc[0]) for where in (few, some))


def _shares(column: Column, edges: Floats | None) -> "pd.Series[float]":
    if edges is None:
        return column.value_counts(normalize=True)
    bins = pd.Series(np.searchsorted(edges, numbers_of(column), "right"))
    return bins.value_counts(normalize=True)


def _series(past: list[dict[str, float]]) -> dict[str, Series]:
    """Return what each statistic did that could be taken of every partition."""
    always = set.intersection(*(set(stated) for stated in past))
    return {name: Series.of(np.array([stated[name] for stated in past])) for name in sorted(always)}


def _texts(column: Column, where: np.ndarray, value: str | None) -> Column:
    return column.astype(object).mask(where, value)
