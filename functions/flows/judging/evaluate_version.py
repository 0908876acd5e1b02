"""Judge a version, and the champion beside it, on the same rows that neither was shown."""

from typing import Final

from core.domain.errors import BadData, Unknown
from core.domain.evaluation import Evaluation
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig, StoredConfig
from core.domain.serving import Serving, short
from core.domain.verdict import Severity
from core.domain.version import UsedPartition, Version
from core.flows.file_failure import filed_failures
from core.ports import Ports, new
from functions.data.artefacts import load
from functions.data.feature_rows import as_read_by
from functions.data.training_set import LabelledRows
from functions.data.validation_set import ValidationSet, freeze, frozen_set, stored, thaw
from functions.flows.judging.evaluator import evaluator_hash
from functions.flows.judging.judge_rows import judge_rows
from functions.flows.scoring.predict_rows import candidate
from functions.flows.tell_owner import tell_owner
from functions.ml.columns import select_all
from functions.ml.losses import Predictions
from functions.ml.training.pipeline import predict, predict_as

_RESTORE: Final = "Restore the object from the bucket's history, or roll the model back."
_FEWEST: Final = 2  # rows; of one there is no interval


class NothingToJudgeOn(BadData):
    """There are no labelled rows that the version has not learned from."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(
            f"Version {short(version)} cannot be judged now: it learned from all of the newest "
            "labelled rows."
        )
        self.version = version


class OtherTarget(BadData):
    """What the version predicts is not what the config asks for now."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(f"Version {short(version)} predicts another target than the config names.")
        self.version = version


def evaluate_version(
    version: Version, config: ModelConfig, newest: LabelledRows, ports: Ports
) -> Evaluation:
    """Judge the stored artefact, not the pipeline in memory; once for the same rows and champion.

    The champion is compared on the very same rows. One that cannot be loaded, or does not find its
    columns, is not compared, and the owner is told; one that predicts another target, or learned
    from all the newest rows, is not compared either, and the evaluation says so.

    Raises:
        BadData: the version's artefact is refused, it predicts another target than the config
            names, or there are no rows to judge it on.
    """
    if not _has_target_of(config, version, ports):
        raise OtherTarget(version.id)
    champion = _champion(version, config, ports)
    rows = _rows(config, newest, (version, champion), ports)
    why = None
    if champion and not _has_target_of(config, champion, ports):
        why = "predicts another target"
    elif champion and rows.newest.rows < _FEWEST:
        why = "learned from all of these rows"
    if champion and why:
        note = f"Champion {short(champion.id)} {why}: not compared."
        champion, rows = None, _rows(config, newest, (version, None), ports).noting(note)
    if rows.newest.rows < _FEWEST:
        raise NothingToJudgeOn(version.id)
    validation_set = stored(config.model, rows.frozen, ports.objects)
    return _evaluated(version, champion, config, rows, validation_set, ports)


def repeat_evaluation(evaluation_id: str, config: ModelConfig, ports: Ports) -> Evaluation:
    """Compute an evaluation once more, on the very rows that it was made on; nothing is stored.

    Raises:
        Unknown: there is no such evaluation.
        BadData: its rows, or an artefact, are not there as they were.
    """
    known = ports.records.get(Evaluation, evaluation_id)
    frozen = frozen_set(config.model, known.validation_set, ports.objects) if known else None
    if known is None or frozen is None or known.model != config.model:
        raise Unknown("evaluation", evaluation_id)
    rows = thaw(config, frozen, ports.objects)
    ours = _predictions(_version(known.version, ports), config, rows, ports)
    theirs = None
    if known.champion is not None:
        theirs = _predictions(_version(known.champion, ports), config, rows, ports)
    again = judge_rows(config, rows, ours, theirs)
    update = dict(again) | {"evaluator_hash": evaluator_hash(config), "made_at": ports.now()}
    return known.model_copy(update=update)


def _evaluated(  # noqa: PLR0913, PLR0917 - who is judged, by what, on what
    version: Version,
    champion: Version | None,
    config: ModelConfig,
    rows: ValidationSet,
    validation_set: str,
    ports: Ports,
) -> Evaluation:
    evaluator = evaluator_hash(config)

    def id_beside(beside: Version | None) -> str:
        return Evaluation.id_of(
            version.id, evaluator, validation_set, beside.id if beside else None
        )

    known = ports.records.get(Evaluation, id_beside(champion))
    if known is not None:
        return known
    ours = _predictions(version, config, rows, ports)
    theirs = _champion_predictions(champion, config, rows, ports) if champion else None
    compared = champion if theirs is not None else None
    evaluation = Evaluation(
        id=id_beside(compared),
        model=config.model,
        version=version.id,
        evaluator_hash=evaluator,
        validation=rows.frozen.newest,
        validation_set=validation_set,
        made_at=ports.now(),
        champion=compared.id if compared else None,
        **dict(judge_rows(config, rows, ours, theirs)),
    )
    if ports.records.commit(new(evaluation)):
        return evaluation
    return ports.records.get(Evaluation, evaluation.id) or evaluation


def _rows(
    config: ModelConfig,
    newest: LabelledRows,
    shown_to: tuple[Version | None, ...],
    ports: Ports,
) -> ValidationSet:
    """Freeze the rows that none of these versions learned from."""
    learned: dict[str, list[UsedPartition]] = {}
    for version in shown_to:
        for used in version.manifest.partitions if version else ():
            learned.setdefault(used.partition, []).append(used)

    def is_known(partition: str, key: str | None) -> bool:
        return any(key is None or used.has_used(key) for used in learned.get(partition, ()))

    failures = filed_failures(config.model, ports)
    return freeze(config, newest, failures, is_known, ports.objects)


def _champion(version: Version, config: ModelConfig, ports: Ports) -> Version | None:
    serving = ports.records.get(Serving, config.model)
    if serving is None or serving.champion in (None, version.id):
        return None
    return ports.records.get(Version, serving.champion)


def _has_target_of(config: ModelConfig, version: Version, ports: Ports) -> bool:
    made_with = ports.records.get(StoredConfig, version.manifest.config_hash)
    if made_with is None:  # made with a config that was never applied
        return True
    now, then = config.target, made_with.config.target
    return (now.column, now.task) == (then.column, then.task)  # classes go by their names


def _version(version_id: VersionId, ports: Ports) -> Version:
    version = ports.records.get(Version, version_id)
    if version is None:
        raise Unknown("version", version_id)
    return version


def _champion_predictions(
    champion: Version, config: ModelConfig, rows: ValidationSet, ports: Ports
) -> Predictions | None:
    try:
        return _predictions(champion, config, rows, ports)
    except OtherTarget:
        return None
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


def _predictions(
    version: Version, config: ModelConfig, rows: ValidationSet, ports: Ports
) -> Predictions:
    own = candidate(config, version.id, ports).config
    tables = [
        as_read_by(own, config, one.features, one.used.partition, ports.objects)
        for one in rows.partitions
    ]
    features = select_all(tables, version.manifest.columns)
    pipeline = load(config.model, version, predict, ports.objects, ports.signer)
    said = predict_as(config.target, pipeline, features)
    if said is None:
        raise OtherTarget(version.id)
    return said
