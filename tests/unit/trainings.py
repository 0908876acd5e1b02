"""A few rows of two columns to learn from, for a target of each task."""

from typing import Any

import numpy as np
import pandas as pd

from core.domain.model_config import Column
from core.domain.target import Target
from core.domain.training_config import Training
from tests.watched_model import training

COLUMNS = {"distance": Column(type="number"), "carrier": Column(type="category")}
BINARY = Target(column="late", delay_days=1)
ALL = [
    "HistGradientBoostingClassifier",
    "LogisticRegression",
    "RandomForestClassifier",
    "DecisionTreeClassifier",
    "DummyClassifier",
]


def a_training(estimator: str = "LogisticRegression", **parameters: Any) -> Training:
    return Training.model_validate(training(estimator=estimator, parameters=parameters, seed=3))


REGRESSORS = [
    "HistGradientBoostingRegressor",
    "LinearRegression",
    "Ridge",
    "RandomForestRegressor",
    "DecisionTreeRegressor",
    "DummyRegressor",
]
CLASSES = Target(
    column="kind", task="multiclass", classes=("low", "middle", "high", "never"), delay_days=1
)
NUMBER = Target(column="delay", task="regression", between=(-3, 3), delay_days=1)
QUANTILE = NUMBER.model_copy(update={"loss": "pinball", "quantile": 0.9})


def some_rows(rows: int = 200) -> tuple[pd.DataFrame, np.ndarray[Any, np.dtype[np.float64]]]:
    rng = np.random.default_rng(1)
    features = pd.DataFrame(
        {"distance": rng.normal(size=rows), "carrier": rng.choice(["AA", "B6", ""], rows)}
    )
    features.loc[::9, "distance"] = np.nan
    labels = (features["distance"].fillna(0) + (features["carrier"] == "B6") > 0.5).to_numpy()
    return features, labels.astype(np.float64)
