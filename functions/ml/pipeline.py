"""From a config to a trained scikit-learn pipeline, and from that to predictions."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from core.domain.errors import BadData, Refusal
from core.domain.model_config import Column
from core.domain.target import Target, Task
from core.domain.training_config import Parameter, Training
from functions.ml.losses import Predictions, Truths
from functions.placing import MadeFor, placed

_CLASSIFIERS: Final = {
    made.__name__: made
    for made in (
        HistGradientBoostingClassifier,
        LogisticRegression,
        RandomForestClassifier,
        DecisionTreeClassifier,
        DummyClassifier,
    )
}
_REGRESSORS: Final = {
    made.__name__: made
    for made in (
        HistGradientBoostingRegressor,
        LinearRegression,
        Ridge,
        RandomForestRegressor,
        DecisionTreeRegressor,
        DummyRegressor,
    )
}
_LINEAR: Final = frozenset({"LogisticRegression", "LinearRegression", "Ridge"})
_FIXED: Final[dict[str, dict[str, Parameter]]] = {
    # By itself it would keep back a random tenth of rows that are ordered in time.
    "HistGradientBoostingClassifier": {"early_stopping": False},
    "HistGradientBoostingRegressor": {"early_stopping": False},
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

    def __init__(self, name: str, task: Task) -> None:
        super().__init__(
            f"training.estimator: `{name}` is not offered; choose one of {_names_for(task)}."
        )


class WrongTask(ConfigRefused):
    """The estimator is one for another kind of target."""

    def __init__(self, name: str, task: Task) -> None:
        predicts = "classes" if name in _CLASSIFIERS else "a number"
        super().__init__(
            f"training.estimator: `{name}` predicts {predicts}, and the task of the target is "
            f"{task}; choose one of {_names_for(task)}."
        )


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


def build(training: Training, columns: Mapping[str, Column], task: Task) -> Pipeline:
    """Make the untrained pipeline that a config describes, for its kind of target.

    Raises:
        ConfigRefused: the config asks for what is not offered.
    """
    is_linear = training.estimator in _LINEAR
    estimator = _estimator(training, task)
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
    training: Training,
    columns: Mapping[str, Column],
    features: pd.DataFrame,
    labels: Truths,
    target: Target,
) -> Pipeline:
    """Train on rows that came through `columns.select`.

    A column that is empty in all of them is left out: there is nothing to learn from it, and
    histogram boosting cannot cut it into bins.

    Args:
        training: what to train.
        columns: the features.
        features: one row for each label.
        labels: shape (rows,), 0 or 1, the place of the class, or a number; of the first two at
            least two must occur.
        target: what is predicted.
    """
    known = {name: column for name, column in columns.items() if features[name].notna().any()}
    if not known:
        raise NothingToLearnFrom
    truths = labels if target.task == "regression" else labels.astype(np.int64)
    return knowing_classes(build(training, known, target.task).fit(features, truths), target)


def knowing_classes(pipeline: Pipeline, target: Target) -> Pipeline:
    """Tell a trained pipeline all classes of the config: by itself it knows those it was shown."""
    if target.classes:
        pipeline.target_classes_ = target.classes
    return pipeline


def made_for(pipeline: Pipeline) -> MadeFor:
    """Say what a trained pipeline predicts."""
    classes: tuple[str, ...] = getattr(pipeline, "target_classes_", ())
    if classes:
        return MadeFor("multiclass", classes)
    return MadeFor("binary" if hasattr(pipeline, "predict_proba") else "regression")


def predict(pipeline: Pipeline, features: pd.DataFrame) -> Predictions:
    """Predict each row: shape (rows,), how probable label 1 is, 0..1, or a number.

    Of several classes shape (rows, classes), how probable each is, in the order of the config that
    it was trained with; one that it never saw has probability 0.
    """
    classes = made_for(pipeline).classes
    if features.empty:
        return np.empty((0, len(classes)) if classes else 0)
    if not hasattr(pipeline, "predict_proba"):
        return np.asarray(pipeline.predict(features), dtype=np.float64)
    probabilities: Predictions = pipeline.predict_proba(features)
    if not classes:
        return probabilities[:, 1]
    of_all = np.zeros((len(features), len(classes)))
    of_all[:, pipeline.classes_] = probabilities
    return of_all


def predict_as(target: Target, pipeline: Pipeline, features: pd.DataFrame) -> Predictions | None:
    """Predict in the order of the classes of a config; `None` if its target is of another kind.

    So an older version can be compared after the config has changed; see `placed`.
    """
    return placed(predict(pipeline, features), made_for(pipeline), target)


def _names_for(task: Task) -> str:
    return ", ".join(sorted(_REGRESSORS if task == "regression" else _CLASSIFIERS))


def _estimator(training: Training, task: Task) -> Any:  # noqa: ANN401 - scikit-learn has no types
    named = training.estimator or training.trainer or ""
    offered_for, others = _CLASSIFIERS, _REGRESSORS
    if task == "regression":
        offered_for, others = others, offered_for
    if named in others:
        raise WrongTask(named, task)
    made = offered_for.get(named)
    if made is None:
        raise UnknownEstimator(named, task)
    offered = set(made().get_params())
    for name in training.parameters:
        if name in offered & _NOT_OFFERED.keys():
            raise ParameterNotOffered(name)
        if name not in offered:
            allowed = sorted(offered - _NOT_OFFERED.keys())
            raise UnknownParameter(name, named, allowed)
    fixed = _FIXED.get(named, {})
    seed = {"random_state": training.seed} if "random_state" in offered else {}
    estimator = made(**training.parameters, **fixed, **seed)
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
