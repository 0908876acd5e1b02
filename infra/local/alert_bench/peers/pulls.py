"""Pulls, as popmon reports them, written from its documentation: each statistic in deviations.

A column's profile is compared with the mean and the deviation of its profiles so far; the traffic
light is yellow from 4 deviations on and red from 7 on, and any light is an alert.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from infra.local.alert_bench.detector import Finding
from infra.local.alert_bench.peers.frames import by_column, is_number

_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_BEYOND: Final = 1000.0  # deviations of what never varied before, or is missing now


class Pulls:
    """Both lights of the traffic light."""

    limits: Final = {"popmon_like_4": 4.0, "popmon_like_7": 7.0}
    names: Final = tuple(limits)

    def __init__(self) -> None:
        self._profiles: list[dict[tuple[str, str], float]] = []
        self._mean = pd.Series(dtype=float)
        self._deviation = pd.Series(dtype=float)

    def update(self, history: list[pd.DataFrame], _keys: list[str]) -> None:
        """Profile what is new and sum up all profiles."""
        self._profiles += [profile(part) for part in history[len(self._profiles) :]]
        profiles = pd.DataFrame(self._profiles)
        self._mean, self._deviation = profiles.mean(), profiles.std()

    def check(self, partition: pd.DataFrame, _key: str) -> Mapping[str, Finding]:
        """Look at the largest pull."""
        now = pd.Series(profile(partition)).reindex(self._mean.index)
        distance = (now - self._mean).abs()
        pull = (distance / self._deviation.where(self._deviation > 0)).fillna(0.0)
        pull = pull.mask((self._deviation == 0) & (distance > 0), _BEYOND)
        pull = pull.mask(now.isna() & self._mean.notna(), _BEYOND)
        worst, ranked = by_column(pull)
        return {name: (worst > limit, worst, ranked) for name, limit in self.limits.items()}


def profile(partition: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Describe each column by a handful of statistics, and the partition by its rows."""
    stated: dict[tuple[str, str], float] = {("", "rows"): float(len(partition))}
    for name, column in partition.items():
        shares = column.value_counts(normalize=True)
        stated[str(name), "filled"] = float(column.notna().mean())
        stated[str(name), "distinct"] = float(len(shares))
        stated[str(name), "most frequent"] = float(shares.iloc[0]) if len(shares) else 0.0
        if is_number(column) and column.notna().any():
            numbers = column.dropna().to_numpy(dtype=float)
            stated[str(name), "mean"] = float(numbers.mean())
            stated[str(name), "deviation"] = float(numbers.std())
            stated[str(name), "least"] = float(numbers.min())
            stated[str(name), "most"] = float(numbers.max())
            for share, value in zip(_QUANTILES, np.quantile(numbers, _QUANTILES), strict=True):
                stated[str(name), f"quantile {share}"] = float(value)
    return stated
