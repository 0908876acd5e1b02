"""Retrain a model from its config: rows, version, evaluation, challenger; told once, done once."""

import sys
from typing import Final, Literal

import numpy as np

from core.domain.base import Value
from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.serving import Serving
from core.domain.verdict import Severity
from core.domain.version import Manifest, Version, manifest_columns
from core.flows.await_partition import is_awaited
from core.flows.permit import config_of
from core.flows.propose import propose
from core.ports import Ports, changed, new
from functions import untyped
from functions.data import (
    artefacts,
    json_lines,
    label_store,
    object_tables,
    partition_rows,
    training_set,
)
from functions.data.artefact_refused import ArtefactRefused
from functions.data.artefacts import GOLDEN_ROWS, Golden
from functions.data.provenance import environment, source_hash
from functions.data.training_set import TrainingSet
from functions.flows.evaluate_version import evaluate_version
from functions.flows.learn_reference import learn_reference
from functions.flows.review_training import review_training
from functions.flows.tell_owner import tell_owner
from functions.flows.training_rows import lack_of, training_rows
from functions.ml import columns, pipeline
from functions.ml.columns import select_all
from functions.ml.pipeline import ConfigRefused, build, learn, predict

_MAKES_AN_ARTEFACT: Final = (
    object_tables,
    json_lines,
    untyped,
    partition_rows,
    label_store,
    training_set,
    columns,
    pipeline,
    artefacts,
    sys.modules[__name__],
)
_LOOK_AT_LABELS: Final = "See whether labels still arrive under {labels}, then ask again."
_MEND_CONFIG: Final = "Correct the config and apply it; `watchkeeper validate` says if it is right."
_MEND_DATA: Final = "Mend or remove that partition, then ask again; the champion goes on serving."


Decision = Literal[
    "trained",
    "already trained",
    "reference learned",
    "too few rows",
    "config refused",
    "bad data",
]


class Retrained(Value):
    """What a call to retrain came to."""

    decision: Decision
    rows: int = 0
    """Labelled rows of the window, those for validation included."""
    days: int = 0
    left_out: tuple[str, ...] = ()
    """Partitions of the window whose data is known to be wrong."""
    version: VersionId | None = None
    """`None` when nothing was trained."""


def retrain(
    model: str, asked_by: str, reason: str, ports: Ports, up_to: str | None = None
) -> Retrained:
    """Train the model with the config in force on what is known now, and let the version stand.

    Of a model that is served elsewhere only the reference for its checks is learned.

    Called again for the same config and rows, it only finishes what an earlier call left undone.

    Args:
        model: which model.
        asked_by: a person's Slack id, or `watchkeeper`.
        reason: why, in words for its card.
        ports: the outside world.
        up_to: the newest partition to learn from or judge on; `None` for the newest there is.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config = config_of(model, ports)
    try:
        if config.serving == "elsewhere":
            return _learn_only(config, ports)
        build(config.training, config.columns)
        rows = training_rows(config, up_to, ports)
        return _retrain(config, rows, asked_by, reason, ports)
    except ConfigRefused as refused:
        _tell(config, None, str(refused), _MEND_CONFIG, ports)
        return Retrained(decision="config refused")
    except BadData as wrong:
        _tell(config, None, str(wrong), _MEND_DATA, ports)
        return Retrained(decision="bad data")


def _learn_only(config: ModelConfig, ports: Ports) -> Retrained:
    """For a model that is served elsewhere: learn afresh what its partitions look like."""
    landed = partition_rows.partition_names(config.data.features, ports.objects)
    newest = landed[-config.training.window_days :]
    window = [name for name in newest if not is_awaited(config.model, name, ports)]
    learn_reference(config, window, ports)
    return Retrained(decision="reference learned", days=len(window))


def _retrain(
    config: ModelConfig, rows: TrainingSet, asked_by: str, reason: str, ports: Ports
) -> Retrained:
    days, left_out = len(rows.used), rows.left_out
    lack = lack_of(config, rows)
    if lack:
        newest = rows.used[-1].partition if rows.used else None
        look = _LOOK_AT_LABELS.format(labels=config.data.labels)
        _tell(config, newest, lack, look, ports)
        return Retrained(decision="too few rows", rows=rows.rows, days=days, left_out=left_out)
    manifest = _manifest(config, rows)
    known = _healthy(config.model, manifest.version, ports)
    version = known or _train(config, manifest, rows, asked_by=asked_by, reason=reason, ports=ports)
    evaluation = evaluate_version(version, config, rows.validation, ports)
    propose(version, evaluation, ports)
    decision: Decision = "already trained" if known else "trained"
    return Retrained(
        decision=decision, rows=rows.rows, days=days, left_out=left_out, version=version.id
    )


def _healthy(model: str, version_id: VersionId, ports: Ports) -> Version | None:
    """Return a version that was trained before; `None` if there is none that can be loaded."""
    known = ports.records.get(Version, version_id)
    try:
        if known is not None:
            artefacts.load(model, known, predict, ports.objects, ports.signer)
    except ArtefactRefused:  # what stands there is not what was stored: it is made again
        return None
    return known


def _manifest(config: ModelConfig, rows: TrainingSet) -> Manifest:
    return Manifest(
        model=config.model,
        code_ref=source_hash(*_MAKES_AN_ARTEFACT),
        config_hash=config.hash,
        columns=manifest_columns(config),
        partitions=rows.learning.used,
        seed=config.training.seed,
        environment=environment(),
    )


def _train(  # noqa: PLR0913 - who asked and why are part of the record
    config: ModelConfig,
    manifest: Manifest,
    rows: TrainingSet,
    *,
    asked_by: str,
    reason: str,
    ports: Ports,
) -> Version:
    """Learn from the older part of the window, and store exactly that pipeline.

    It is not fitted once more on the rows kept back: what serves is what was judged, byte for
    byte, and the price is that the newest days are learned from at the next training only.
    """
    features = select_all(rows.learning.features, manifest.columns)
    trained = learn(config.training, manifest.columns, features, rows.learning.labels)
    some = features.iloc[np.linspace(0, len(features) - 1, GOLDEN_ROWS, dtype=np.intp)]
    golden = Golden(some, predict(trained, some))
    artefact = artefacts.store(config.model, manifest.version, trained, golden, ports.objects)
    serving = ports.records.get(Serving, config.model)
    version = Version(
        id=manifest.version,
        manifest=manifest,
        artefact=artefact,
        seal=ports.signer.sign(artefact.claim(config.model, manifest.version)),
        reference_key=learn_reference(config, [used.partition for used in rows.used], ports),
        parent=serving.champion if serving else None,
        made_at=ports.now(),
        asked_by=asked_by,
        reason=reason,
        findings=review_training(config, rows, trained, ports),
    )
    known = ports.records.get(Version, version.id)
    if known is not None:  # its artefact was refused: the same version, made again and sealed anew
        version = version.model_copy(update={"revision": known.revision})
    if ports.records.commit(changed(version) if known else new(version)):
        return version
    return ports.records.get(Version, version.id) or version  # another run was quicker: its bytes


def _tell(
    config: ModelConfig, partition: str | None, summary: str, next_step: str, ports: Ports
) -> None:
    tell_owner(
        config,
        rule="retrain",
        partition=partition,
        summary=summary,
        next_step=next_step,
        severity=Severity.WARN,
        ports=ports,
    )
