"""Train and store the simple model of a version, which serves when no other can."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.domain.model_config import ModelConfig
from core.domain.version import Manifest, SimpleModel, Version
from core.ports import Ports
from functions.data import artefacts
from functions.data.artefacts import GOLDEN_ROWS, Golden
from functions.ml.training.pipeline import predict
from functions.ml.training.simple_model import learn_simple, usual


def keep_simple_model(
    config: ModelConfig,
    manifest: Manifest,
    features: pd.DataFrame,
    labels: NDArray[np.generic],
    ports: Ports,
) -> SimpleModel:
    """Fit it on what the version learns from, and store it as the version itself is stored.

    Args:
        config: says what is predicted.
        manifest: names the version.
        features: as `columns.select` gives them.
        labels: shape (rows,): one for each row.
        ports: the outside world.
    """
    simple = learn_simple(config.target, manifest.columns, features, labels)
    some = features.iloc[np.linspace(0, len(features) - 1, GOLDEN_ROWS, dtype=np.intp)]
    golden = Golden(some, predict(simple, some))
    name = Version.simple_id(manifest.version)
    artefact = artefacts.store(config.model, name, simple, golden, ports.objects)
    return SimpleModel(
        artefact=artefact,
        seal=ports.signer.sign(artefact.claim(config.model, name)),
        usual=tuple(usual(config.target, labels).tolist()),
    )
