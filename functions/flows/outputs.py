"""What a model predicts, as columns that can be checked like those of its data."""

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np

from core.domain.model_config import ModelConfig
from core.domain.wording import number, plain, with_unit
from functions.arrays import NumberColumn, Sized, WordColumn
from functions.data.prediction_log import LoggedPredictions
from functions.ml.examine import About
from functions.ml.reference import Day

_ALWAYS_CONSTANT: Final = frozenset({"DummyClassifier", "DummyRegressor"})


def output_of(config: ModelConfig) -> str:
    """Say what predictions are called in sentences: `prediction`, unless a column has that name."""
    return "prediction" if "prediction" not in config.columns else "predicted score"


def certainty_of(config: ModelConfig) -> str:
    """Say what the probability of the class decided for is called in sentences."""
    return "top probability" if "top probability" not in config.columns else "its top probability"


def outputs_of(config: ModelConfig) -> Mapping[str, Literal["number", "category"]]:
    """Name the columns of predictions: a number, or the class decided for and how sure it is."""
    if config.target.task == "multiclass":
        return {output_of(config): "category", certainty_of(config): "number"}
    return {output_of(config): "number"}


def about_outputs(config: ModelConfig) -> About:
    """Say what sentences about predictions need to know; a sensitive target shows no value."""
    target, name = config.target, output_of(config)
    is_value = target.task != "binary" and target.column in config.sensitive
    return About(config.data.key, {name: target.unit}, frozenset({name} if is_value else ()))


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
