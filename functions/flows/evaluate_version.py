"""Judge a version, and the champion beside it, on the same rows that neither was shown."""

import sys
from typing import Final

import pandas as pd
from sklearn.pipeline import Pipeline

from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.serving import Serving
from core.domain.verdict import Severity
from core.domain.version import Evaluation, Metrics, Version
from core.ports import Ports, new
from functions import placing, untyped
from functions.data.artefacts import load
from functions.data.provenance import source_hash
from functions.data.training_set import LabelledRows
from functions.flows.tell_owner import tell_owner
from functions.ml import columns, evaluate, losses, turned_out
from functions.ml.columns import select_all
from functions.ml.evaluate import loss_gain, measure
from functions.ml.losses import Predictions, Truths
from functions.ml.pipeline import predict, predict_as

_EVALUATOR: Final = (untyped, columns, evaluate, losses, turned_out, placing, sys.modules[__name__])
_RESTORE: Final = "Restore the object from the bucket's history, or roll the model back."


def evaluate_version(
    version: Version, config: ModelConfig, validation: LabelledRows, ports: Ports
) -> Evaluation:
    """Judge the stored artefact, not the pipeline in memory; once for the same rows.

    The champion is compared on the very same rows. One that cannot be loaded or does not find its
    columns is not compared, and the owner is told.
    """
    evaluator = source_hash(*_EVALUATOR)
    evaluation_id = Evaluation.id_of(version.id, evaluator, validation.used)
    known = ports.records.get(Evaluation, evaluation_id)
    if known is not None:
        return known
    labels = validation.labels
    scores = predict(_loaded(version, config, ports), _features(version, validation))
    evaluation = Evaluation(
        id=evaluation_id,
        model=config.model,
        version=version.id,
        evaluator_hash=evaluator,
        validation=validation.used,
        made_at=ports.now(),
        metrics=_measured(config, scores, labels),
    )
    champion = _champion(version, config, ports)
    theirs = _champion_scores(champion, config, validation, ports) if champion else None
    if champion and theirs is not None:
        ours, others = (losses.losses(config.target, said, labels) for said in (scores, theirs))
        gain = loss_gain(ours, others)
        evaluation = evaluation.against(champion.id, _measured(config, theirs, labels), gain)
    if ports.records.commit(new(evaluation)):
        return evaluation
    return ports.records.get(Evaluation, evaluation_id) or evaluation


def _champion(version: Version, config: ModelConfig, ports: Ports) -> Version | None:
    serving = ports.records.get(Serving, config.model)
    if serving is None or serving.champion in (None, version.id):
        return None
    return ports.records.get(Version, serving.champion)


def _champion_scores(
    champion: Version, config: ModelConfig, validation: LabelledRows, ports: Ports
) -> Predictions | None:
    try:
        features = _features(champion, validation)
        return predict_as(config.target, _loaded(champion, config, ports), features)
    except BadData as wrong:
        tell_owner(
            config,
            rule="artefact",
            partition=None,
            summary=str(wrong),
            next_step=_RESTORE,
            severity=Severity.PAGE,
            ports=ports,
        )
        return None


def _measured(config: ModelConfig, scores: Predictions, labels: Truths) -> Metrics:
    if config.target.task == "binary":
        return measure(scores, labels)
    turned = turned_out.turned_out(config.target, config.evaluation.cut, scores, labels)
    return Metrics(
        rows=len(labels),
        brier=None if turned.accuracy is None else turned.loss,
        log_loss=turned.log_loss,
        accuracy=turned.accuracy,
        mean_absolute_error=turned.mean_absolute_error,
        root_mean_squared_error=turned.root_mean_squared_error,
    )


def _loaded(version: Version, config: ModelConfig, ports: Ports) -> Pipeline:
    return load(config.model, version, predict, ports.objects, ports.signer)


def _features(version: Version, rows: LabelledRows) -> pd.DataFrame:
    return select_all(rows.features, version.manifest.columns)
