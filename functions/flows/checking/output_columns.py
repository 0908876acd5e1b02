"""What the columns of predictions are called, and what sentences need to know of them."""

from collections.abc import Mapping
from typing import Literal

from core.domain.model_config import ModelConfig
from functions.ml.checking.examine import About


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
