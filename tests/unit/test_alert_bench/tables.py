"""Small partitions of orders, and detectors that are simple enough to know their answers."""

import numpy as np
import pandas as pd

from infra.local.alert_bench.data_sets import DataSet
from infra.local.alert_bench.detector import Finding

CITIES = ("Oslo", "Rome", "Bonn", "Kyiv")


def orders(rows: int = 200, seed: int = 1) -> pd.DataFrame:
    """Return orders: three numeric columns and a text column, without nulls."""
    chance = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "price": chance.normal(100, 10, rows),
            "weight": chance.exponential(5, rows),
            "pieces": chance.integers(1, 9, rows),
            "city": chance.choice(CITIES, rows),
        }
    )


def a_data_set(partitions: int = 36, name: str = "orders") -> DataSet:
    """Return partitions of orders, one a day."""
    days = pd.date_range("2026-01-01", periods=partitions).strftime("%Y-%m-%d")
    return DataSet(name, tuple(days), tuple(orders(seed=seed) for seed in range(partitions)))


class PriceMean:
    """Alerts when the mean price is more than ten deviations away; knows nothing else."""

    def __init__(self) -> None:
        self._means = np.empty(0)

    def update(self, history: list[pd.DataFrame], keys: list[str]) -> None:
        """Take the mean of each partition."""
        assert len(history) == len(keys)
        self._means = np.array([part["price"].mean() for part in history])

    def check(self, partition: pd.DataFrame, _key: str) -> Finding:
        """Compare the mean; text cannot be compared and raises."""
        away = abs(partition["price"].mean() - self._means.mean()) / self._means.std()
        return bool(away > 10), float(away), ["price"]


class Broken:
    """Cannot even learn; reports under two names."""

    names = ("broken_a", "broken_b")

    def update(self, _history: list[pd.DataFrame], _keys: list[str]) -> None:
        """Raise."""
        raise ValueError("no")

    def check(self, _partition: pd.DataFrame, _key: str) -> Finding:
        """Never be asked."""
        raise AssertionError
