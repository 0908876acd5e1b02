"""Put the overrides of a config above what a model says, and hold what is left to its contract."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from core.domain.model_config import ModelConfig
from core.domain.scoring_config import Output
from functions.arrays import Flags, Floats
from functions.data.predicted import Predicted
from functions.ml.columns import select
from functions.ml.scoring.overrides import overridden


def override_predictions(config: ModelConfig, predicted: Predicted, table: pa.Table) -> Predicted:
    """Say what of the predictions is served.

    A prediction that is no number, or lies beyond the limits of `scoring.output` after all
    overrides, is withheld and counted; the others are served all the same.

    Args:
        config: the one that the version was made with.
        predicted: what a model said, of which nothing is served yet.
        table: the same rows as they landed.

    Raises:
        BadData: a column that an override looks at is missing or of another type.
    """
    overrides = config.scoring.overrides
    served, hits = predicted.said.copy(), predicted.hits
    if overrides:
        named = {condition.column for override in overrides for condition in override.where}
        features = select(table, {name: config.columns[name] for name in sorted(named)})
        served, hits = overridden(overrides, features, predicted.said, predicted.made_for.classes)
    is_withheld = _breaks(config.scoring.output, predicted, served)
    served[is_withheld] = np.nan
    return replace(
        predicted,
        served=served,
        hits=hits,
        overrides=tuple(override.name for override in overrides),
        is_withheld=is_withheld,
    )


def _breaks(output: Output, predicted: Predicted, served: Floats) -> Flags:
    is_number: Flags = np.isfinite(predicted.said)
    if served.ndim > 1:
        return np.asarray(~is_number.all(axis=1))
    low = -np.inf if output.at_least is None else output.at_least
    high = np.inf if output.at_most is None else output.at_most
    return np.asarray(~is_number | (served < low) | (served > high))  # NaN: an override filtered it
