"""Suggested constraints: what always held so far must hold again.

Source: Schelter et al., Automating Large-Scale Data Quality Verification, VLDB 2018, and the
documented suggestion rules of Deequ; written from these.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import sqrt
from typing import Final

import pandas as pd

from infra.local.alert_bench.detector import Finding
from infra.local.alert_bench.peers.frames import Column, is_number, numbers_of

_SIZE: Final = (0.5, 2.0)  # of the smallest and of the largest partition so far
_CONFIDENT: Final = 2.58  # deviations of a share that 99 % of samples keep to
_FEW_CATEGORIES: Final = 50
_UNKNOWN_ALLOWED: Final = 0.05  # where there are many categories, some are still to come
_BROKEN: Final = 1.0  # a rule that always held weighs more than any share


@dataclass
class Suggested:
    """What is known of one column."""

    is_numeric: bool
    complete: list[float] = field(default_factory=list)
    is_never_negative: bool = True
    categories: Counter[str] = field(default_factory=Counter)

    def learn(self, column: Column) -> None:
        """Take in one more clean partition."""
        self.complete.append(float(column.notna().mean()))
        if self.is_numeric:
            self.is_never_negative &= not (numbers_of(column) < 0).any()
        else:
            self.categories.update(str(value) for value in column.dropna())

    def broken_by(self, column: Column) -> float:
        """Return how badly a column breaks its worst constraint; 0 when it breaks none."""
        return max((how for how in self._breaches(column)), default=0.0)

    def _breaches(self, column: Column) -> Iterator[float]:
        complete = float(column.notna().mean())
        if min(self.complete) == 1:
            yield _BROKEN + 1 - complete if complete < 1 else 0.0
        else:
            mean = sum(self.complete) / len(self.complete)
            least = mean - _CONFIDENT * sqrt(mean * (1 - mean) / max(len(column), 1))
            yield mean - complete if complete < min(least, *self.complete) else 0.0
        if self.is_numeric and complete:
            if not is_number(column):
                yield 2 * _BROKEN
            negative = float((numbers_of(column) < 0).mean()) if is_number(column) else 0.0
            yield _BROKEN + negative if self.is_never_negative and negative else 0.0
        elif complete:
            unknown = float((~column.dropna().astype(str).isin(list(self.categories))).mean())
            is_open = len(self.categories) > _FEW_CATEGORIES
            yield unknown if unknown > (_UNKNOWN_ALLOWED if is_open else 0) else 0.0


class Constraints:
    """Completeness, type, sign, domain and size, suggested from all of the past."""

    names: Final = ("deequ_like",)

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._columns: dict[str, Suggested] = {}

    def update(self, history: list[pd.DataFrame], _keys: list[str]) -> None:
        """Learn from what is new."""
        if not self._columns:
            first = history[0]
            self._columns = {str(name): Suggested(is_number(first[name])) for name in first}
        for part in history[len(self._sizes) :]:
            self._sizes.append(len(part))
            for name, known in self._columns.items():
                known.learn(part[name])

    def check(self, partition: pd.DataFrame, _key: str) -> Finding:
        """Alert when anything is broken; blame the worst first."""
        broken = {
            name: how
            for name, known in self._columns.items()
            if (how := known.broken_by(partition[name]))
        }
        least, most = _SIZE
        fits = least * min(self._sizes) <= len(partition) <= most * max(self._sizes)
        ranked = sorted(broken, key=lambda name: -broken[name])
        return bool(broken) or not fits, float(len(broken) + (not fits)), ranked
