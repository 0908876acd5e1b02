"""What a model predicts, as columns that can be checked like those of its data."""

from typing import Final

import numpy as np

from core.domain.model_config import ModelConfig
from core.domain.wording import number, plain, with_unit
from functions.arrays import NumberColumn, Sized, WordColumn
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.checking.output_columns import about_outputs, certainty_of, output_of
from functions.ml.checking.reference import Day

_ALWAYS_CONSTANT: Final = frozenset({"DummyClassifier", "DummyRegressor"})


def day_of(config: ModelConfig, predictions: LoggedPredictions) -> Day:
    """Take what was predicted for one partition as its columns."""
    scores = NumberColumn(predictions.scores)
    batch: dict[str, NumberColumn | WordColumn] = {output_of(config): scores}
    if predictions.made_for.classes:
        places = predictions.decided_places
        batch = {
            output_of(config): WordColumn(places, predictions.made_for.classes),
            certainty_of(config): scores,
        }
    return Day([Sized(batch, len(predictions.keys))], 0.0)


def constant(config: ModelConfig, predictions: LoggedPredictions) -> str | None:
    """Say what it predicts in every row; `None` when rows differ, are few, or it is meant so."""
    is_meant = config.serving == "here" and config.training.estimator in _ALWAYS_CONSTANT
    if len(predictions.keys) < config.alerts.minimum_rows or is_meant:
        return None
    first = predictions.said[0]
    if not np.array_equal(predictions.said, np.broadcast_to(first, predictions.said.shape)):
        return None
    if output_of(config) in about_outputs(config).sensitive:
        return "the same"
    if predictions.made_for.classes:
        return f"`{plain(predictions.decided[0])}`"
    return with_unit(number(float(first)), config.target.unit)
