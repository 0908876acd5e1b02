"""What can befall a stored version, so that it can no longer serve."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from core.domain.ids import VersionId
from core.ports import changed
from functions.data.artefacts import Golden, store
from functions.ml.training.pipeline import predict
from tests.builders import a_config
from tests.watched_model import WatchedModel, training

Fault = Callable[[WatchedModel, VersionId], None]
NO_TIME = {"fallback": {"slow_after_s": 1e-9}}


def is_denied(watched: WatchedModel, version: VersionId) -> None:
    (watched.folder / "objects" / watched.version(version).artefact.key).unlink()


def is_corrupted(watched: WatchedModel, version: VersionId) -> None:
    watched.ports.objects.put(watched.version(version).artefact.key, b"other bytes")


def throws(watched: WatchedModel, version: VersionId) -> None:
    """Let a version be sealed by us that throws at a carrier which it never saw."""
    words = OneHotEncoder(categories=[["AA"]], handle_unknown="error")
    only = pd.DataFrame({"distance": np.arange(40.0), "carrier": "AA"})
    prepared = ColumnTransformer([("words", words, ["carrier"])], remainder="passthrough")
    pipeline = Pipeline([("columns", prepared), ("estimator", LogisticRegression())])
    pipeline.fit(only, np.arange(40) % 2)
    golden = Golden(only.head(32), predict(pipeline, only.head(32)))
    artefact = store("flights", version, pipeline, golden, watched.ports.objects)
    seal = watched.ports.signer.sign(artefact.claim("flights", version))
    planted = watched.version(version).model_copy(update={"artefact": artefact, "seal": seal})
    assert watched.ports.records.commit(changed(planted))


def is_slow(watched: WatchedModel, version: VersionId) -> None:
    """Let a version have been made with a config that gives it no time at all."""
    impatient = a_config(training=training(), scoring=NO_TIME)
    watched.apply(impatient)
    manifest = watched.version(version).manifest.model_copy(update={"config_hash": impatient.hash})
    slow = watched.version(version).model_copy(update={"manifest": manifest})
    assert watched.ports.records.commit(changed(slow))
