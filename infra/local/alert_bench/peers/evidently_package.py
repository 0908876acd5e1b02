"""Evidently's own package, its drift preset with every setting at its default.

Runs in the environment of the catalogue; the reference is what its users would take: the last
month, or the last week, of daily partitions.
"""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

from infra.local.alert_bench.detector import Finding
from infra.local.alert_bench.peers.frames import is_number

_HALF_OF_COLUMNS: Final = 0.5  # its default for "dataset drift"
_LAST: Final = {"evidently_last30": 30, "evidently_last7": 7}


class Evidently:
    """Its two readings for each reference: half of the columns drift, or any."""

    names: Final = tuple(f"{name}_{rule}" for name in _LAST for rule in ("dataset", "any"))

    def __init__(self) -> None:
        self._definition = DataDefinition()
        self._references: dict[str, Any] = {}

    def update(self, history: list[pd.DataFrame], _keys: list[str]) -> None:
        """Take the last partitions as references."""
        first = history[0]
        numbers = [name for name in first if is_number(first[name])]
        words = [name for name in first if not is_number(first[name])]
        self._definition = DataDefinition(numerical_columns=numbers, categorical_columns=words)
        self._references = {
            name: self._dataset(pd.concat(history[-count:], ignore_index=True))
            for name, count in _LAST.items()
        }

    def check(self, partition: pd.DataFrame, _key: str) -> Mapping[str, Finding]:
        """Run the preset against each reference."""
        current = self._dataset(partition.reset_index(drop=True))
        found: dict[str, Finding] = {}
        for name, reference in self._references.items():
            said = Report([DataDriftPreset()]).run(current, reference).dict()["metrics"]
            beyond = _beyond_limit(said)
            ranked = sorted(beyond, key=lambda column: -beyond[column])
            drifted = [column for column in ranked if beyond[column] > 0]
            share = len(drifted) / len(beyond)
            found[f"{name}_dataset"] = (share >= _HALF_OF_COLUMNS, share, ranked)
            found[f"{name}_any"] = (bool(drifted), beyond[ranked[0]], ranked)
        return found

    def _dataset(self, rows: pd.DataFrame) -> Any:  # noqa: ANN401 - published without types
        return Dataset.from_pandas(rows, data_definition=self._definition)


def _beyond_limit(metrics: list[dict[str, Any]]) -> dict[str, float]:
    """Return how far beyond its limit each column is, as a share of the limit; > 0 drifts."""
    beyond: dict[str, float] = {}
    for metric in metrics:
        settings = metric.get("config") or {}
        if "column" in settings and not isinstance(metric["value"], dict):
            limit, value = float(settings["threshold"]), float(metric["value"])
            is_chance = "p_value" in str(settings.get("method"))
            beyond[settings["column"]] = (limit - value if is_chance else value - limit) / limit
    return beyond
