"""What many teams write first: a test for each column against all rows of the past."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from infra.local.alert_bench.detector import Finding
from infra.local.alert_bench.peers.frames import Column, Floats, is_number, numbers_of, texts_of

_SIGNIFICANT: Final = 0.05
_PSI_LIMIT: Final = 0.2  # the customary "significant shift"
_BINS: Final = 10
_LEAST_SHARE: Final = 1e-4
_LEAST_P: Final = 1e-300
_PSI_OF_NOTHING: Final = 10.0


@dataclass
class Past:
    """All rows of the past of one column: numbers, or how often each category was there."""

    is_numeric: bool
    numbers: Floats = field(default_factory=lambda: np.empty(0))
    counts: "pd.Series[float]" = field(default_factory=lambda: pd.Series(dtype=float))
    missing: int = 0

    def learn(self, column: Column) -> None:
        """Pool one more partition."""
        if self.is_numeric:
            numbers = numbers_of(column)
            self.numbers = np.concatenate([self.numbers, numbers])
            self.missing += len(column) - len(numbers)
        else:
            self.counts = self.counts.add(texts_of(column).value_counts(), fill_value=0)

    def p_value(self, column: Column) -> float:
        """Return the chance of such a difference if both came from one distribution."""
        if self.is_numeric:
            numbers = numbers_of(column)
            if not len(self.numbers) or not len(numbers):
                return float(len(self.numbers) == len(numbers))
            return float(stats.ks_2samp(self.numbers, numbers, method="asymp").pvalue)
        counts = self._beside(column)
        if len(counts) == 1:
            return 1.0
        return float(stats.chi2_contingency(counts.T, correction=False).pvalue)

    def stability(self, column: Column) -> float:
        """Return the population stability index: over deciles of the past, or over categories."""
        if not self.is_numeric:
            counts = self._beside(column)
            return _index(counts[:, 0], counts[:, 1])
        if not is_number(column):
            return _PSI_OF_NOTHING
        if not len(self.numbers):
            return 0.0
        edges = np.unique(np.quantile(self.numbers, np.linspace(0, 1, _BINS + 1)))[1:-1]
        numbers = numbers_of(column)
        before = np.append(_binned(self.numbers, edges), self.missing)
        now = np.append(_binned(numbers, edges), len(column) - len(numbers))
        return _index(before, now)

    def _beside(self, column: Column) -> Floats:
        now = texts_of(column).value_counts()
        both = pd.concat([self.counts, now], axis=1).fillna(0)
        return np.asarray(both, dtype=np.float64)


class HandTests:
    """Kolmogorov and Smirnov for numbers, chi-square for categories; and the stability index."""

    names: Final = ("ks_chi2_any", "ks_chi2_bonferroni", "psi_any_0.2")

    def __init__(self) -> None:
        self._past: dict[str, Past] = {}
        self._learned = 0

    def update(self, history: list[pd.DataFrame], _keys: list[str]) -> None:
        """Pool what is new."""
        if not self._past:
            first = history[0]
            self._past = {str(name): Past(is_number(first[name])) for name in first}
        for part in history[self._learned :]:
            for name, past in self._past.items():
                past.learn(part[name])
        self._learned = len(history)

    def check(self, partition: pd.DataFrame, _key: str) -> Mapping[str, Finding]:
        """Test each column; alert on the smallest p-value, and on the largest index."""
        chances = {name: past.p_value(partition[name]) for name, past in self._past.items()}
        indices = {name: past.stability(partition[name]) for name, past in self._past.items()}
        by_chance = sorted(chances, key=lambda name: (chances[name], -indices[name]))
        by_index = sorted(indices, key=lambda name: -indices[name])
        least, most = chances[by_chance[0]], indices[by_index[0]]
        score = -float(np.log10(max(least, _LEAST_P)))
        corrected = _SIGNIFICANT / len(chances)
        return {
            "ks_chi2_any": (least < _SIGNIFICANT, score, by_chance),
            "ks_chi2_bonferroni": (least < corrected, score, by_chance),
            "psi_any_0.2": (most > _PSI_LIMIT, most, by_index),
        }


def _binned(numbers: Floats, edges: Floats) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    places = np.searchsorted(edges, numbers, "right")
    return np.bincount(places, minlength=len(edges) + 1)


def _index(before: Floats, now: Floats) -> float:
    expected = np.maximum(before / before.sum(), _LEAST_SHARE)
    actual = np.maximum(now / now.sum(), _LEAST_SHARE)
    return float(((actual - expected) * np.log(actual / expected)).sum())
