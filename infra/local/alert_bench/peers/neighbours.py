"""Validation by nearest neighbours: a partition is odd when it is far from all past ones.

Source: Redyuk, Kaoudi, Markl and Schelter, Automating Data Quality Validation for Dynamic Data
Ingestion, EDBT 2021; written from the paper, with its five neighbours and its 1 % contamination.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from infra.local.alert_bench.detector import Finding
from infra.local.alert_bench.peers.frames import Column, by_column, is_number, numbers_of

_NEIGHBOURS: Final = 5
_CONTAMINATION: Final = 0.01
_WORDS_READ: Final = 200  # enough for a mean; the paper counts over all words


class Neighbours:
    """The average distance to the five nearest past partitions."""

    names: Final = ("redyuk_knn",)

    def __init__(self) -> None:
        self._described: list[dict[tuple[str, str], float]] = []
        self._least = pd.Series(dtype=float)
        self._span = pd.Series(dtype=float)
        self._past = np.empty((0, 0))
        self._limit = 0.0

    def update(self, history: list[pd.DataFrame], _keys: list[str]) -> None:
        """Scale what is known to 0..1 and learn how far its own members are from each other."""
        self._described += [describe(part) for part in history[len(self._described) :]]
        known = pd.DataFrame(self._described).fillna(0.0)
        self._least = known.min()
        self._span = (known.max() - self._least).replace(0.0, 1.0)
        self._past = self._scaled(known)
        apart = np.linalg.norm(self._past[:, None] - self._past[None], axis=2)
        np.fill_diagonal(apart, np.inf)
        own = np.sort(apart, axis=1)[:, :_NEIGHBOURS].mean(axis=1)
        self._limit = float(np.quantile(own, 1 - _CONTAMINATION))

    def check(self, partition: pd.DataFrame, _key: str) -> Finding:
        """Compare with the nearest; blame the statistic that is farthest from them."""
        now = pd.Series(describe(partition)).reindex(self._least.index).fillna(0.0)
        scaled = self._scaled(now)
        distance = np.linalg.norm(self._past - scaled, axis=1)
        nearest = np.argsort(distance)[:_NEIGHBOURS]
        score = float(distance[nearest].mean())
        aside = np.abs(scaled - self._past[nearest].mean(axis=0))
        _, ranked = by_column(pd.Series(aside, index=now.index))
        return score > self._limit, score, ranked

    def _scaled(self, known: "pd.DataFrame | pd.Series[float]") -> np.ndarray:
        return ((known - self._least) / self._span).to_numpy(dtype=float)


def describe(partition: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the paper's statistics of each column."""
    return {
        (str(name), statistic): value
        for name, column in partition.items()
        for statistic, value in _statistics(column)
    }


def _statistics(column: Column) -> Iterator[tuple[str, float]]:
    counts = column.value_counts()
    rows = max(len(column), 1)
    yield "complete", float(column.notna().mean())
    yield "distinct", len(counts) / rows
    yield "most frequent", float(counts.iloc[0]) / rows if len(counts) else 0.0
    numbers = numbers_of(column)
    if len(numbers):
        yield "least", float(numbers.min())
        yield "most", float(numbers.max())
        yield "mean", float(numbers.mean())
        yield "deviation", float(numbers.std())
    if not is_number(column):
        yield "peculiar", peculiarity([str(word) for word in column.dropna()[:_WORDS_READ]])


def peculiarity(words: list[str]) -> float:
    """Return how unusual the letter triples of words are among each other, >= 0.

    A triple is unusual when it is rarer than its two pairs let expect.

    Source: Morris and Cherry, Computer Detection of Typographical Errors (1975).
    """
    pairs = Counter(pair for word in words for pair in _grams(word, 2))
    triples = Counter(triple for word in words for triple in _grams(word, 3))
    if not triples:
        return 0.0

    def unusual(triple: str) -> float:
        both = np.log(pairs[triple[:2]]) + np.log(pairs[triple[1:]])
        return float(both / 2 - np.log(triples[triple]))

    known = {triple: unusual(triple) ** 2 for triple in triples}
    of_words = [[known[triple] for triple in _grams(word, 3)] for word in words]
    return float(np.mean([np.sqrt(np.mean(each)) if each else 0.0 for each in of_words]))


def _grams(word: str, length: int) -> list[str]:
    return [word[start : start + length] for start in range(len(word) - length + 1)]
