"""What fits the rows: an estimator of the allow-list, a team's own trainer, or a function."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from sklearn.pipeline import Pipeline

from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.domain.training_config import Parameter
from functions.arrays import Labels
from functions.data.trainer import find_trainer, written
from functions.data.trainer_failed import Nonsense
from functions.ml.training.fitted import as_pipeline, why_it_cannot_serve
from functions.ml.training.pipeline import Trainer, build

_UNHASHED: Final = "a function that was given from Python"

TrainingFunction = Callable[[pd.DataFrame, Labels, dict[str, Parameter], int], Any]
"""The contract of a trainer: features, labels, parameters and seed in, a fitted estimator out."""


@dataclass(frozen=True)
class Maker:
    """What fits the rows."""

    fit: Trainer | None = None
    """`None`: the estimator that the config names."""
    source_hash: str | None = None
    """Of what is not our own code; `None` when all of it is."""
    unhashed: tuple[str, ...] = ()
    """What of it cannot be found again by its hash."""


def maker_of(config: ModelConfig, given: TrainingFunction | None = None, run: str = "") -> Maker:
    """Find what fits the rows of a config, and refuse before any row is read what cannot.

    Args:
        config: names an estimator or a trainer.
        given: a function instead, which runs here and for as long as it wants; `None` for none.
        run: stands for the source of a function that has none: each run makes its own version.

    Raises:
        ConfigRefused: the config asks for what is not offered.
        NoSuchTrainer: the trainer is not there.
    """
    training = config.training
    if given is not None:
        source = f"{_source_of(given) or run} {_UNHASHED}"
        return Maker(_calling(config, given), content_hash(source.encode()), (_UNHASHED,))
    if training.trainer is None:
        build(training, config.columns, config.target)
        return Maker()
    found = find_trainer(training.trainer)

    def fit(features: pd.DataFrame, labels: Labels) -> Pipeline:
        at_most_s = training.at_most_minutes * 60
        made = found.fit(features, labels, training.parameters, training.seed, at_most_s)
        return _looked_at(made, features, labels, config)

    return Maker(fit, found.source_hash)


def _calling(config: ModelConfig, given: TrainingFunction) -> Trainer:
    def fit(features: pd.DataFrame, labels: Labels) -> Pipeline:
        training = config.training
        made = given(features, labels, dict(training.parameters), training.seed)
        written(_UNHASHED, made)
        return _looked_at(made, features, labels, config)

    return fit


def _looked_at(
    made: Any,  # noqa: ANN401 - whatever a trainer returned
    features: pd.DataFrame,
    labels: Labels,
    config: ModelConfig,
) -> Pipeline:
    of_numbers = config.target.task == "regression"
    wrong = why_it_cannot_serve(made, features, labels, of_numbers=of_numbers)
    if wrong is not None:
        raise Nonsense(config.training.trainer or _UNHASHED, wrong)
    return as_pipeline(made)


def _source_of(given: TrainingFunction) -> str | None:
    try:
        return inspect.getsource(given)
    except (OSError, TypeError):
        return None
