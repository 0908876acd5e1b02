"""Real tables that come with scikit-learn, cut into days: one of classes, one of a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes, load_wine

from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from tests.builders import a_config
from tests.watched_model import FIRST_DAY, WatchedModel, object_created, parquet_of, training

CULTIVARS = ("class_0", "class_1", "class_2")


@dataclass(frozen=True)
class RealTable:
    """A table in an order that has nothing to do with its labels, some rows of it on each day."""

    config: ModelConfig
    rows: pd.DataFrame
    labels: "pd.Series[Any]"
    rows_a_day: int

    @property
    def days(self) -> list[str]:
        """Name the days that have all their rows."""
        return [days_before(FIRST_DAY, -n) for n in range(len(self.rows) // self.rows_a_day)]

    def features(self, day: str) -> pd.DataFrame:
        """Give the features of a day."""
        return self.rows.iloc[self._of(day)].assign(at=pd.Timestamp(day, tz="UTC"))

    def truths(self, day: str) -> pd.DataFrame:
        """Give the labels of a day."""
        of_day = self._of(day)
        labels = self.labels.iloc[of_day].to_numpy()
        return pd.DataFrame({"row": self.rows["row"].iloc[of_day], "truth": labels})

    def watched(self, folder: Path, **changes: Any) -> WatchedModel:
        """Watch the model; nothing has landed."""
        return WatchedModel(folder, self.config_with(**changes))

    def config_with(self, **changes: Any) -> ModelConfig:
        """Say something else in its config."""
        return ModelConfig.model_validate(self.config.model_dump() | changes)

    def lands(self, watched: WatchedModel, days: Sequence[str]) -> None:
        """Let features and labels of some days land; it is two days later."""
        for day in days:
            watched.puts("features", day, parquet_of(self.features(day)))
            watched.puts("labels", day, parquet_of(self.truths(day)))
        watched.it_is(days_before(days[-1], -2))

    def _of(self, day: str) -> slice:
        at = self.days.index(day) * self.rows_a_day
        return slice(at, at + self.rows_a_day)


def wine() -> RealTable:
    """Which of three cultivars a wine is of, from its chemistry."""
    table = load_wine(as_frame=True).frame
    target = {"task": "multiclass", "classes": CULTIVARS}
    labels = table.pop("target").map(dict(enumerate(CULTIVARS)))
    return _table("wine", table, labels, target, 16)


def diabetes(**changes: Any) -> RealTable:
    """How far a disease has gone a year later, from ten measures of a patient."""
    table = load_diabetes(as_frame=True).frame
    target = {"task": "regression", "between": (25, 346), "unit": "points"}
    return _table("diabetes", table, table.pop("target"), target, 40, estimator="Ridge", **changes)


def trained(watched: WatchedModel) -> dict[str, Any]:
    """Let the function train."""
    event = {"model": watched.config.model, "asked_by": "watchkeeper", "reason": "cadence"}
    return watched.call("retrain", event)


def scored(watched: WatchedModel, day: str, features: pd.DataFrame) -> dict[str, Any]:
    """Let features land, and tell the function of them as EventBridge does."""
    key = watched.puts("features", day, parquet_of(features))
    [result] = watched.call("score", object_created(key))["results"]
    watched.call("shadow", {"model": watched.config.model, "partition": day})
    return dict(result)


def labelled(watched: WatchedModel, day: str, truths: pd.DataFrame) -> dict[str, Any]:
    """Let labels land two days later, and tell the function of them."""
    watched.it_is(days_before(day, -2))
    key = watched.puts("labels", day, parquet_of(truths))
    [result] = watched.call("join_labels", object_created(key))["results"]
    return dict(result)


def _table(
    model: str,
    rows: pd.DataFrame,
    labels: "pd.Series[Any]",
    target: dict[str, Any],
    rows_a_day: int,
    **changes: Any,
) -> RealTable:
    order = np.random.default_rng(0).permutation(len(rows))
    columns = {name: {"type": "number"} for name in rows.columns}
    config = a_config(
        model=model,
        data={"features": "features", "labels": "labels", "key": "row", "event_time": "at"},
        target={"column": "truth", "delay_days": 1, **target},
        columns=columns,
        training=training(window_days=8, validation_days=2, **changes),
        alerts={"minimum_rows": 10},
    )
    named = rows.iloc[order].reset_index(drop=True)
    named.insert(0, "row", [f"{model}-{number:03}" for number in range(len(rows))])
    return RealTable(config, named, labels.iloc[order].reset_index(drop=True), rows_a_day)
