"""Make a version: from rows that were collected to an artefact that is stored and sealed."""

from typing import Final

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from core.domain.base import Value
from core.domain.ids import VersionId, content_hash
from core.domain.model_config import ModelConfig
from core.domain.serving import Serving
from core.domain.version import Artefact, Manifest, Version, manifest_columns
from core.ports import Objects, Ports, changed, new
from functions.arrays import Labels
from functions.data import artefacts
from functions.data.artefact_refused import ArtefactRefused
from functions.data.artefacts import GOLDEN_ROWS, Golden
from functions.data.provenance import environment, source_hash
from functions.data.training_set import TrainingSet
from functions.flows.checking.learn_reference import learn_reference
from functions.flows.training import keep_simple_model
from functions.flows.training.keep_held_out import keep_held_out
from functions.flows.training.review_training import review_training
from functions.flows.training.use_trainer import Maker
from functions.ml.columns import select_all
from functions.ml.training.pipeline import learn, predict

CODE: Final = (
    "functions.arrays",
    "functions.data.around",
    "functions.data.arrow_batch",
    "functions.data.arrow_values",
    "functions.data.artefacts",
    "functions.data.as_of_join",
    "functions.data.as_of_tables",
    "functions.data.feature_rows",
    "functions.data.json_lines",
    "functions.data.label_store",
    "functions.data.landed_objects",
    "functions.data.likely_column",
    "functions.data.object_tables",
    "functions.data.parquet_stretches",
    "functions.data.partition_rows",
    "functions.data.read_ahead",
    "functions.data.run_trainer",
    "functions.data.score_column",
    "functions.data.trainer",
    "functions.data.training_set",
    "functions.data.truths",
    "functions.flows.training.keep_simple_model",
    "functions.flows.training.make_version",
    "functions.flows.training.use_trainer",
    "functions.ml.columns",
    "functions.ml.losses",
    "functions.ml.training.calibrator",
    "functions.ml.training.estimators",
    "functions.ml.training.fitted",
    "functions.ml.training.offers",
    "functions.ml.training.pipeline",
    "functions.ml.training.simple_model",
    "functions.ml.training.transformers",
    "functions.placing",
    "functions.untyped",
)
"""Modules, by name, that have a say in an artefact; `tests/architecture` says if one is missing."""


class Asked(Value):
    """Who wants a training, and why."""

    by: str
    """A person's Slack id, or `watchkeeper`."""
    reason: str
    """In words, for its card."""
    run: str
    """Names this run; one that is repeated after a crash has the same name."""


def manifest_of(config: ModelConfig, rows: TrainingSet, maker: Maker) -> Manifest:
    """Say all that makes the version, before it is made."""
    code = source_hash(*CODE)
    if maker.source_hash is not None:
        code = content_hash(f"{code} {maker.source_hash}".encode())
    return Manifest(
        model=config.model,
        code_ref=code,
        config_hash=config.hash,
        columns=manifest_columns(config),
        partitions=rows.learning.used,
        tables=rows.learning.tables,
        seed=config.training.seed,
        environment=environment(),
        unhashed=(*maker.unhashed, *rows.unhashed),
    )


def healthy(model: str, version_id: VersionId, ports: Ports) -> Version | None:
    """Return a version that was made before; `None` if there is none that can be loaded."""
    known = ports.records.get(Version, version_id)
    try:
        if known is not None:
            artefacts.load(model, known, predict, ports.objects, ports.signer)
    except ArtefactRefused:  # what stands there is not what was stored: it is made again
        return None
    return known


def make_version(  # noqa: PLR0913 - what goes in, and who asked
    config: ModelConfig,
    manifest: Manifest,
    rows: TrainingSet,
    *,
    maker: Maker,
    asked: Asked,
    ports: Ports,
) -> Version:
    """Learn from the older part of the window, and store exactly that pipeline.

    It is not fitted once more on the rows kept back: what serves is what was judged, byte for
    byte, and the price is that the newest days are learned from at the next training only.

    Raises:
        ConfigRefused: the config cannot be trained with.
        BadData: the rows teach nothing, or a trainer failed.
    """
    features = select_all(rows.learning.features, manifest.columns)
    trained = fit(config, manifest, features, rows.learning.labels, maker)
    artefact = write(config, manifest, features, trained, ports.objects)
    serving = ports.records.get(Serving, config.model)
    version = Version(
        id=manifest.version,
        manifest=manifest,
        artefact=artefact,
        seal=ports.signer.sign(artefact.claim(config.model, manifest.version)),
        reference_key=_reference(config, rows, ports),
        parent=serving.champion if serving else None,
        made_at=ports.now(),
        asked_by=asked.by,
        reason=asked.reason,
        held_out_key=keep_held_out(config, rows, trained, maker, ports),
        findings=review_training(config, rows, trained, ports, maker.fit),
        simple=keep_simple_model.keep_simple_model(
            config, manifest, features, rows.learning.labels, ports
        ),
    )
    known = ports.records.get(Version, version.id)
    if known is not None:  # its artefact was refused: the same version, made again and sealed anew
        version = version.model_copy(update={"revision": known.revision})
    if ports.records.commit(changed(version) if known else new(version)):
        return version
    return ports.records.get(Version, version.id) or version  # another run was quicker: its bytes


def _reference(config: ModelConfig, rows: TrainingSet, ports: Ports) -> str | None:
    """Learn what the rows look like; of those that never landed checks are to learn nothing."""
    if rows.unhashed:
        return None
    return learn_reference(config, [used.partition for used in rows.used], ports)


def fit(
    config: ModelConfig,
    manifest: Manifest,
    features: pd.DataFrame,
    labels: Labels,
    maker: Maker,
) -> Pipeline:
    """Learn from the rows of the older part of the window.

    Raises:
        ConfigRefused: the config cannot be trained with.
        BadData: the rows teach nothing, or a trainer failed.
    """
    learned = (config.training, manifest.columns, features, labels, config.target)
    return learn(*learned, trainer=maker.fit)


def write(
    config: ModelConfig,
    manifest: Manifest,
    features: pd.DataFrame,
    trained: Pipeline,
    objects: Objects,
) -> Artefact:
    """Store what was trained, and how it predicts a few of the rows."""
    some = features.iloc[np.linspace(0, len(features) - 1, GOLDEN_ROWS, dtype=np.intp)]
    golden = Golden(some, predict(trained, some))
    return artefacts.store(config.model, manifest.version, trained, golden, objects)
