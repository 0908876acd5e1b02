"""From a config to a scikit-learn pipeline, preprocessing inside; from a pipeline to scores."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from core.domain.errors import BadData, Refusal
from core.domain.model_config import Column
from core.domain.training_config import Parameter, Training
from functions.ml.evaluate import Labels, Scores

_ALLOWED: Final = {
    made.__name__: made
    for made in (
        HistGradientBoostingClassifier,
        LogisticRegression,
        RandomForestClassifier,
        DecisionTreeClassifier,
        DummyClassifier,
    )
}
_LINEAR: Final = frozenset({"LogisticRegression"})
_FIXED: Final[dict[str, dict[str, Parameter]]] = {
    # By itself it would keep back a random tenth of rows that are ordered in time.
    "HistGradientBoostingClassifier": {"early_stopping": False},
}
_NOT_OFFERED: Final = {
    "random_state": "the seed stands under training.seed",
    "early_stopping": "it splits rows at random that are ordered in time",
    "validation_fraction": "it splits rows at random that are ordered in time",
    "n_iter_no_change": "it belongs to early stopping, which splits rows at random",
    "scoring": "it belongs to early stopping, which splits rows at random",
    "warm_start": "every training starts from nothing",
    "categorical_features": "the categories are those under columns",
    "n_jobs": "the same config must give the same numbers on any machine",
    "verbose": "nobody would read it",
}


class ConfigRefused(Refusal):
    """The training section of a config asks for what is not offered; the sentence names the key."""


class UnknownEstimator(ConfigRefused):
    """The config names an estimator that is not on the allow-list."""

    def __init__(self, name: str) -> None:
        allowed = ", ".join(sorted(_ALLOWED))
        super().__init__(f"training.estimator: `{name}` is not offered; choose one of {allowed}.")


class UnknownParameter(ConfigRefused):
    """The estimator has no such parameter."""

    def __init__(self, name: str, estimator: str, allowed: list[str]) -> None:
        super().__init__(
            f"training.parameters.{name}: {estimator} has no such parameter; "
            f"it has {', '.join(allowed)}."
        )


class ParameterNotOffered(ConfigRefused):
    """The estimator has it, but it would undo a promise."""

    def __init__(self, name: str) -> None:
        super().__init__(f"training.parameters.{name} cannot be set: {_NOT_OFFERED[name]}.")


class WrongParameter(ConfigRefused):
    """scikit-learn does not take the value."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"training.parameters: {reason}")


class NothingToLearnFrom(BadData):
    """Every feature is empty in every row."""

    def __init__(self) -> None:
        super().__init__("All feature columns are empty in all rows to learn from.")


def build(training: Training, columns: Mapping[str, Column]) -> Pipeline:
    """Make the untrained pipeline that a config describes.

    Raises:
        ConfigRefused: the config asks for what is not offered.
    """
    is_linear = training.estimator in _LINEAR
    estimator = _estimator(training)
    numbers = [name for name, column in columns.items() if column.type == "number"]
    categories = [name for name, column in columns.items() if column.type == "category"]
    prepared = ColumnTransformer(
        [
            ("categories", _one_hot() if is_linear else _ordinal(), categories),
            ("numbers", _filled_and_scaled() if is_linear else "passthrough", numbers),
        ]
    )
    return Pipeline([("columns", prepared), ("estimator", estimator)])


def learn(
    training: Training, columns: Mapping[str, Column], features: pd.DataFrame, labels: Labels
) -> Pipeline:
    """Train on rows that came through `columns.select`.

    A column that is empty in all of them is left out: there is nothing to learn from it, and
    histogram boosting cannot cut it into bins.

    Args:
        training: what to train.
        columns: the features.
        features: one row for each label.
        labels: shape (rows,), 0 or 1; both must occur.
    """
    known = {name: column for name, column in columns.items() if features[name].notna().any()}
    if not known:
        raise NothingToLearnFrom
    return build(training, known).fit(features, labels)


def predict(pipeline: Pipeline, features: pd.DataFrame) -> Scores:
    """Say how probable label 1 is for each row; shape (rows,), 0..1."""
    if features.empty:
        return np.empty(0)
    scores: Scores = pipeline.predict_proba(features)[:, 1]
    return scores


def _estimator(training: Training) -> Any:  # noqa: ANN401 - scikit-learn has no types
    named = training.estimator or training.trainer or ""
    made = _ALLOWED.get(named)
    if made is None:
        raise UnknownEstimator(named)
    offered = set(made().get_params())
    for name in training.parameters:
        if name in offered & _NOT_OFFERED.keys():
            raise ParameterNotOffered(name)
        if name not in offered:
            allowed = sorted(offered - _NOT_OFFERED.keys())
            raise UnknownParameter(name, named, allowed)
    fixed = _FIXED.get(named, {})
    estimator = made(**training.parameters, **fixed, random_state=training.seed)
    try:
        estimator._validate_params()  # noqa: SLF001 - else only fit() says so, after reading a month
    except ValueError as error:
        raise WrongParameter(str(error)) from error
    return estimator


def _ordinal() -> OrdinalEncoder:
    return OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)


def _one_hot() -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore")


def _filled_and_scaled() -> Pipeline:
    fill = SimpleImputer(strategy="median")
    return Pipeline([("fill", fill), ("scale", StandardScaler())])
