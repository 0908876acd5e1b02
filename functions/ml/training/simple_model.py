"""The model that serves when no other can: linear, small, and trained with every version."""

import warnings
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, QuantileRegressor, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.domain.model_config import Column
from core.domain.target import Target
from functions.arrays import Floats
from functions.ml.training.pipeline import knowing_classes

MOST_ROWS: Final = 20_000
"""More rows hardly change a linear model, and it is fitted beside every training."""
_MOST_OF_A_QUANTILE: Final = 2_000  # a linear program: 2 s of 40 columns, minutes of 20,000 rows
_MOST_CATEGORIES: Final = 30
_MOST_STEPS: Final = 200


def learn_simple(
    target: Target,
    columns: Mapping[str, Column],
    features: pd.DataFrame,
    labels: NDArray[np.generic],
) -> Pipeline:
    """Fit a linear model on an even choice of the rows; a value it never saw does not stop it.

    Args:
        target: what is predicted.
        columns: the features.
        features: one row for each label, as `columns.select` gives them.
        labels: shape (rows,): what the version itself learned from.
    """
    most = MOST_ROWS if target.quantile is None else _MOST_OF_A_QUANTILE
    chosen = np.unique(np.linspace(0, len(features) - 1, min(most, len(features)), dtype=np.intp))
    if target.task != "regression" and len(np.unique(labels[chosen])) < len(np.unique(labels)):
        chosen = np.arange(len(features))  # a class is so rare that the choice has none of it
    truths = labels if target.task == "regression" else labels.astype(np.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # near enough, for a last resort
        fitted = _pipeline(target, columns, features).fit(features.iloc[chosen], truths[chosen])
    return knowing_classes(fitted, target)


def usual(target: Target, labels: NDArray[np.generic]) -> Floats:
    """Say what is right most often without looking at a row.

    Returns:
        Shape (1,): the share of ones, the mean, or the quantile that is predicted; of several
        classes their shares, (classes,).
    """
    if target.task == "multiclass":
        counts = np.bincount(labels.astype(np.intp), minlength=len(target.classes))
        return np.asarray(counts / counts.sum(), dtype=np.float64)
    if target.quantile is not None:
        return np.array([np.quantile(labels.astype(np.float64), target.quantile)])
    return np.array([labels.astype(np.float64).mean()])


def _pipeline(target: Target, columns: Mapping[str, Column], features: pd.DataFrame) -> Pipeline:
    known = {name: column for name, column in columns.items() if features[name].notna().any()}
    numbers = [name for name, column in known.items() if column.type == "number"]
    categories = [name for name, column in known.items() if column.type == "category"]
    words = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=_MOST_CATEGORIES)
    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    filled = Pipeline([("fill", fill), ("scale", StandardScaler())])
    prepared = ColumnTransformer([("categories", words, categories), ("numbers", filled, numbers)])
    return Pipeline([("columns", prepared), ("estimator", _linear(target))])


def _linear(target: Target) -> LogisticRegression | QuantileRegressor | Ridge:
    if target.task != "regression":
        return LogisticRegression(max_iter=_MOST_STEPS)
    return (
        Ridge() if target.quantile is None else QuantileRegressor(quantile=target.quantile, alpha=0)
    )
