"""From a config to a trained scikit-learn pipeline, and from that to predictions."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from core.domain.errors import BadData
from core.domain.model_config import Column
from core.domain.target import Target
from core.domain.training_config import Training
from functions.arrays import Labels
from functions.ml.losses import Predictions
from functions.ml.training.calibrator import calibrated, kept_for_calibration
from functions.ml.training.config_refused import CannotFit, WrongChain
from functions.ml.training.estimators import estimator_of
from functions.ml.training.transformers import categories_chain, numbers_chain
from functions.placing import MadeFor, placed

_TRIED_ROWS: Final = 64

Trainer = Callable[[pd.DataFrame, Labels], Pipeline]
"""Fits rows in its own way; the seed and the parameters are bound."""


class NothingToLearnFrom(BadData):
    """Every feature is empty in every row."""

    def __init__(self) -> None:
        super().__init__("All feature columns are empty in all rows to learn from.")


class CannotLearn(BadData):
    """The config is right, but not for these rows."""

    def __init__(self) -> None:
        super().__init__(
            "scikit-learn cannot learn from these rows, though it takes the config: see the log of "
            "the training for its reason, which may hold values of columns."
        )


def build(training: Training, columns: Mapping[str, Column], target: Target) -> Pipeline:
    """Make the untrained pipeline that a config with an estimator describes.

    Raises:
        ConfigRefused: the config asks for what is not offered.
    """
    estimator = estimator_of(training, target)
    if training.calibrate and target.task == "regression":
        why = f"{training.estimator} predicts a number, and probabilities are what is calibrated"
        raise WrongChain("training.calibrate", why)
    tags = estimator.__sklearn_tags__().input_tags
    takes_missing = bool(tags.allow_nan)
    numbers = [name for name, column in columns.items() if column.type == "number"]
    categories = [name for name, column in columns.items() if column.type == "category"]
    prepared = ColumnTransformer(
        [
            ("categories", _categories(training, takes_missing=takes_missing), categories),
            ("numbers", _numbers(training, takes_missing=takes_missing), numbers),
        ],
        sparse_threshold=0.3 if tags.sparse else 0,
    )
    return Pipeline([("columns", prepared), ("estimator", estimator)])


def try_out(training: Training, columns: Mapping[str, Column], target: Target) -> None:
    """Train on a few rows that are made up: what scikit-learn refuses it refuses of them too.

    So its reason can be told: it holds no value of anybody's rows.

    Raises:
        ConfigRefused: the config asks for what is not offered, or cannot be trained with.
    """
    untrained = build(training, columns, target)
    rng = np.random.default_rng(training.seed)
    features = pd.DataFrame(
        {
            name: rng.normal(size=_TRIED_ROWS)
            if column.type == "number"
            else rng.choice(["a", "b", ""], _TRIED_ROWS)
            for name, column in columns.items()
        }
    )
    labels = np.arange(_TRIED_ROWS) % 2
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of made-up rows
            untrained.fit(features, labels)
    except ValueError as error:
        raise CannotFit(str(error).splitlines()[0]) from error


def learn(  # noqa: PLR0913 - what is learned, from what, and by what
    training: Training,
    columns: Mapping[str, Column],
    features: pd.DataFrame,
    labels: Labels,
    target: Target,
    *,
    trainer: Trainer | None = None,
) -> Pipeline:
    """Train on rows that came through `columns.select`, the oldest first.

    A column that is empty in all of them is left out: there is nothing to learn from it, and
    histogram boosting cannot cut it into bins.

    Args:
        training: what to train.
        columns: the features.
        features: one row for each label.
        labels: shape (rows,), 0 or 1, the place of the class, or a number; of the first two at
            least two must occur.
        target: what is predicted.
        trainer: fits them instead of an estimator of the allow-list; `None`: there is none.

    Raises:
        ConfigRefused: the config cannot be trained with.
        BadData: these rows teach nothing.
    """
    known = {name: column for name, column in columns.items() if features[name].notna().any()}
    if not known:
        raise NothingToLearnFrom
    truths: Labels = labels if target.task == "regression" else labels.astype(np.int64)
    fit = trainer or (lambda rows, known_of: _fitted(training, known, target, rows, known_of))
    features = features if len(known) == len(columns) else features[list(known)]
    if training.calibrate is None:
        return knowing_classes(fit(features, truths), target)
    older = len(truths) - kept_for_calibration(truths)
    fitted = fit(features.iloc[:older], truths[:older])
    made = calibrated(fitted, training.calibrate, features.iloc[older:], truths[older:])
    return knowing_classes(made, target)


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


def _fitted(
    training: Training,
    columns: Mapping[str, Column],
    target: Target,
    features: pd.DataFrame,
    labels: Labels,
) -> Pipeline:
    untrained = build(training, columns, target)
    try:
        return untrained.fit(features, labels)
    except ValueError as error:
        try_out(training, columns, target)
        raise CannotLearn from error


def _categories(training: Training, *, takes_missing: bool) -> Any:  # noqa: ANN401 - scikit-learn has no types
    if training.prepare.categories:
        return categories_chain(training.prepare.categories, training.seed)
    if takes_missing:  # trees cut codes as they are
        return OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return OneHotEncoder(handle_unknown="ignore")


def _numbers(training: Training, *, takes_missing: bool) -> Any:  # noqa: ANN401 - scikit-learn has no types
    if training.prepare.numbers:
        steps = training.prepare.numbers
        return numbers_chain(steps, training.seed, takes_missing=takes_missing)
    if takes_missing:
        return "passthrough"
    return Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
