"""GATE's own package, without its clustering of columns, which downloads a model of names.

Runs in the environment of the catalogue.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from infra.local.alert_bench.detector import Finding
from infra.local.alert_bench.peers.frames import is_number
from infra.local.alert_bench.peers.gate_alone import detect_drift, summarize

_KEY: Final = "__partition__"
_BLAMED: Final = 10


class Gate:
    """Its verdict: a score at or above the 95th percentile of the past ones."""

    names: Final = ("gate_no_clustering",)

    def __init__(self) -> None:
        self._summaries: list[Any] = []
        self._kinds: dict[str, str] = {}

    def update(self, history: list[pd.DataFrame], keys: list[str]) -> None:
        """Summarise what is new."""
        if not self._kinds:
            self._kinds = {
                str(name): _kind([part[name] for part in history]) for name in history[0]
            }
        known = len(self._summaries)
        for part, key in zip(history[known:], keys[known:], strict=True):
            self._summaries.append(self._summary(part, key))

    def check(self, partition: pd.DataFrame, key: str) -> Finding:
        """Let GATE compare the partition's summary with the past ones."""
        said = detect_drift(
            self._summary(partition, key), list(self._summaries), validity=[], cluster=False
        )
        ranked = said.drifted_columns(limit=_BLAMED).reset_index()["column"]
        score = float(said.score_percentile) + float(said.score) / 1e6  # ties by distance
        return bool(said.is_drifted), score, list(dict.fromkeys(ranked))

    def _summary(self, part: pd.DataFrame, key: str) -> Any:  # noqa: ANN401 - without types
        typed = {name: _typed(part[name], kind) for name, kind in self._kinds.items()}
        rows = pd.DataFrame({**typed, _KEY: key})
        if self._summaries:
            return summarize(rows, previous_summaries=self._summaries[:1])[0]
        return summarize(rows, columns=list(self._kinds), partition_key=_KEY)[0]


def _kind(columns: list["pd.Series[Any]"]) -> str:
    """Say as what a column is handed over: whole numbers only if it always held them."""
    if not is_number(columns[0]):
        return "text"
    return "whole" if all(column.dtype.kind == "i" for column in columns) else "float"


def _typed(column: "pd.Series[Any]", kind: str) -> "pd.Series[Any]":
    if kind == "text":
        return column.astype(object).where(column.notna(), None)
    numbers = column.astype(float) if is_number(column) else column.map(lambda _: np.nan)
    is_whole = kind == "whole" and column.dtype.kind == "i"
    return column if is_whole else numbers.astype(float)
