"""Probabilities fitted once more, on the newest rows, which the estimator was not shown."""

from typing import Final, Literal

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline

from core.domain.errors import BadData
from functions.arrays import Labels

_SHARE: Final = 0.2
"""Of the rows to learn from. Ours: isotonic fits want a thousand rows, and a learning part has
five thousand or more."""
_FEWEST: Final = 5  # rows of each label: scikit-learn asks for one in each of five folds


class TooFewToCalibrate(BadData):
    """The newest rows do not show every label often enough."""

    def __init__(self, rows: int, rows_of_rarest: int) -> None:
        super().__init__(
            f"training.calibrate: of the newest {rows:,} rows to learn from, which are kept for "
            f"the calibration, only {rows_of_rarest} have the rarest label; {_FEWEST} are needed."
        )


def kept_for_calibration(labels: Labels) -> int:
    """Say how many of the newest rows the calibration is fitted on.

    Args:
        labels: shape (rows,), oldest first.

    Raises:
        TooFewToCalibrate: a label is hardly among them.
    """
    rows = round(len(labels) * _SHARE)
    newest = labels[len(labels) - rows :]
    rarest = min(int(np.count_nonzero(newest == label)) for label in np.unique(labels))
    if rarest < _FEWEST:
        raise TooFewToCalibrate(rows, rarest)
    return rows


def calibrated(
    fitted: Pipeline,
    method: Literal["isotonic", "sigmoid"],
    features: pd.DataFrame,
    labels: Labels,
) -> Pipeline:
    """Put a calibration behind a fitted pipeline, which stays as it is.

    Args:
        fitted: learned from older rows.
        method: of scikit-learn.
        features: rows that it was not shown.
        labels: shape (rows,).
    """
    wrapped = CalibratedClassifierCV(FrozenEstimator(fitted), method=method)
    return Pipeline([("calibrated", wrapped.fit(features, labels))])
