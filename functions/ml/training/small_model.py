"""Small models that a review asks: what one column says alone, and what all say of unseen days."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeRegressor

from core.domain.target import Target
from functions.ml.losses import Truths

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_STRETCHES: Final = 5
_DEPTH: Final = 4
_SMOOTHING: Final = 10  # rows by which a rare category is drawn to the mean


def columns_of_target(target: Target, truths: Truths) -> Floats:
    """Write the target as numbers that a least-squares model can learn; shape (rows, k)."""
    if target.task != "multiclass":
        return truths.astype(np.float64)[:, np.newaxis]
    return np.equal(truths[:, np.newaxis], np.arange(len(target.classes))).astype(np.float64)


def as_numbers(features: pd.DataFrame) -> Floats:
    """Write features as numbers, categories by their frequency; shape (rows, features)."""
    columns = []
    for name in features:
        values = features[name]
        if not pd.api.types.is_numeric_dtype(values):
            values = values.map(values.value_counts().rank(method="first"))
        columns.append(values.to_numpy(np.float64))
    return np.column_stack(columns)


def out_of_time(features: Floats, wanted: Floats, days: Ints, seed: int) -> Floats:
    """Predict each stretch of days by a model that saw the others only; shape of `wanted`."""
    numbers = np.unique(days)
    starts = numbers[np.linspace(0, len(numbers), _STRETCHES, endpoint=False).astype(int)]
    stretch = np.searchsorted(starts, days, side="right")
    predicted = np.empty_like(wanted)
    for number in np.unique(stretch):
        kept_back = stretch == number
        predicted[kept_back] = fitted(features, wanted, ~kept_back, seed)[kept_back]
    return predicted


def fitted(features: Floats, wanted: Floats, learned: Flags, seed: int) -> Floats:
    """Predict all rows by a model of those that it may learn from; shape of `wanted`."""
    known = features[:, ~np.isnan(features[learned]).all(axis=0)]  # what is all empty has no bins
    if known.shape[1] == 0:
        return np.broadcast_to(wanted[learned].mean(axis=0), wanted.shape)
    if wanted.shape[1] > 1:  # a forest learns all classes at once
        forest = RandomForestRegressor(
            n_estimators=40, min_samples_leaf=5, max_features="sqrt", random_state=seed
        )
        return np.asarray(forest.fit(known[learned], wanted[learned]).predict(known))
    boosted = HistGradientBoostingRegressor(
        max_iter=40, max_leaf_nodes=15, min_samples_leaf=20, early_stopping=False, random_state=seed
    )
    said = boosted.fit(known[learned], wanted[learned, 0]).predict(known)
    return np.asarray(said)[:, np.newaxis]


def fitted_alone(values: "pd.Series[float] | pd.Series[str]", wanted: Floats, old: Flags) -> Floats:
    """Predict all rows by one column: a small tree, or the mean of each category."""
    if pd.api.types.is_numeric_dtype(values):
        tree = DecisionTreeRegressor(max_depth=_DEPTH, min_samples_leaf=20, random_state=0)
        column = values.to_numpy(np.float64)[:, np.newaxis]
        said: Floats = tree.fit(column[old], wanted[old]).predict(column)
        return said.reshape(wanted.shape)
    codes, _ = pd.factorize(values)
    rows = np.bincount(codes[old], minlength=codes.max() + 1)[:, np.newaxis]
    sums = np.column_stack(
        [np.bincount(codes[old], column[old], minlength=len(rows)) for column in wanted.T]
    )
    means = (sums + _SMOOTHING * wanted[old].mean(axis=0)) / (rows + _SMOOTHING)
    return np.asarray(means[codes])


def skill(target: Target, predicted: Floats, wanted: Floats) -> float:
    """Say how much of the target is explained, at most 1; 0 is nothing.

    Of a binary target twice the area under the ROC curve, less one; else the explained share of
    the variance.
    """
    if np.all(wanted == wanted[0]):
        return 0.0
    if target.task == "binary":
        return 2 * float(roc_auc_score(wanted[:, 0], predicted[:, 0])) - 1
    left = np.sum(np.square(wanted - predicted))
    return float(1 - left / np.sum(np.square(wanted - wanted.mean(axis=0))))
