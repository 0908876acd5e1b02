"""Score a landed partition: what is served first, then what the challenger would have said."""

from typing import Final, Literal

from core.domain.base import Value
from core.domain.data_config import Predictions
from core.domain.errors import BadData, Unknown
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.partition_check import RULE
from core.domain.scored import NotScored, Scored
from core.domain.serving import Serving
from core.domain.verdict import ErrorClass, Severity
from core.flows.change import change
from core.flows.permit import config_of
from core.ports import Ports, Write, changed, new
from functions.data.partition_rows import PartitionRows, read_rows
from functions.data.prediction_log import served_log
from functions.flows.adopt_predictions import adopt_predictions
from functions.flows.affected import keep_affected
from functions.flows.check_predictions import check_predictions
from functions.flows.join_labels import join_labels
from functions.flows.predict_rows import first_healthy, predictor
from functions.flows.score_late_rows import score_late_rows
from functions.flows.tell_owner import tell_owner
from functions.ml.columns import MissingColumn, WrongType

_MEND: Final = "Mend the partition and let it land again; until then it has no predictions."
_ANOTHER: Final = "What is served is not touched. Retrain to get another challenger."

Decision = Literal[
    "scored",
    "scored by an earlier version",
    "scored before",
    "no champion",
    "no healthy version",
    "served elsewhere",
    "bad data",
]

_NOT_SCORED: Final[dict[Decision, str]] = {
    "bad data": "its data was refused",
    "no healthy version": "no version could be loaded",
}


class Scoring(Value):
    """What a call to score came to."""

    decision: Decision
    scored: Scored | None = None
    """`None` when the partition has no predictions of ours."""


class EmptyPartition(BadData):
    """There is nothing to score."""

    def __init__(self, partition: str) -> None:
        super().__init__(f"The partition {partition} has no rows.")
        self.partition = partition


def score(model: str, partition: str, ports: Ports) -> Scoring:
    """Let the champion score a partition, then the challenger in shadow; each once.

    For a model that is served elsewhere, take what the other system predicted instead.

    What is served is written and recorded before the challenger is touched: whatever happens to
    that one, an error or the end of the function's memory, can only be tried again. Labels that
    came before the predictions are booked then.

    Raises:
        Unknown: there is no such model, or nothing landed for the partition.
    """
    config = config_of(model, ports)
    scoring = _scoring(config, partition, ports)
    if scoring.decision in _NOT_SCORED:
        _write_down_why(NotScored.because(_NOT_SCORED[scoring.decision], model, partition), ports)
    check_predictions(config, partition, ports)
    keep_affected(model, partition, ports)
    return scoring


def _scoring(config: ModelConfig, partition: str, ports: Ports) -> Scoring:
    try:
        if config.data.predictions is not None:
            return _adopt(config, config.data.predictions, partition, ports)
        serving = ports.records.get(Serving, config.model)
        if serving is None or serving.champion is None:
            return Scoring(decision="no champion")
        return _score(config, serving, partition, ports)
    except BadData as wrong:
        tell_owner(
            config,
            rule=RULE if _is_found_by_the_check(wrong, config) else "score",
            partition=partition,
            summary=str(wrong),
            next_step=_MEND,
            severity=Severity.PAGE,
            error_class=ErrorClass.HARD,
            ports=ports,
        )
        return Scoring(decision="bad data")


def _adopt(config: ModelConfig, predictions: Predictions, partition: str, ports: Ports) -> Scoring:
    scored = adopt_predictions(config, predictions, partition, ports)
    if scored is not None:
        join_labels(config.model, partition, ports)
    return Scoring(decision="served elsewhere", scored=scored)


def _score(config: ModelConfig, serving: Serving, partition: str, ports: Ports) -> Scoring:
    before = ports.records.get(Scored, Scored.id_of(config.model, partition))
    rows = _rows(config, partition, ports)
    if before is not None and before.features_hash != rows.content_hash:
        before = score_late_rows(config, before, rows, ports)
    if before is not None and not _awaited(before, serving):
        join_labels(config.model, partition, ports)
        return Scoring(decision="scored before", scored=before)
    scored = before or _serve(config, serving, partition, rows, ports)
    if scored is None:
        return Scoring(decision="no healthy version")
    join_labels(config.model, partition, ports)
    challenger = _awaited(scored, serving)
    if challenger and rows.content_hash == scored.features_hash:  # else they are not a pair
        scored = _shadow(config, challenger, scored, rows, ports)
        join_labels(config.model, partition, ports)
    decision: Decision = "scored by an earlier version" if scored.instead_of else "scored"
    return Scoring(decision=decision, scored=scored)


def _write_down_why(why: NotScored, ports: Ports) -> None:
    known = ports.records.get(NotScored, why.id)
    if known is None:
        ports.records.commit(new(why))
    elif known.reason != why.reason:  # whoever is quicker knows as much: a refused write is no loss
        ports.records.commit(changed(known.model_copy(update={"reason": why.reason})))


def _is_found_by_the_check(wrong: BadData, config: ModelConfig) -> bool:
    """Say whether the check of the same partition finds it too: then one alert tells of both.

    What it does not look at is a column that only an older version still reads.
    """
    return not isinstance(wrong, MissingColumn | WrongType) or wrong.name in config.columns


def _awaited(scored: Scored, serving: Serving) -> VersionId | None:
    """Name the challenger while it has not predicted the partition."""
    challenger = serving.challenger
    return None if challenger is None or scored.has(challenger) else challenger


def _rows(config: ModelConfig, partition: str, ports: Ports) -> PartitionRows:
    rows = read_rows(
        config.data.features, partition, config.data.key, ports.objects, config.data.apart
    )
    if rows is None:
        raise Unknown("partition", partition)
    if rows.table.num_rows == 0:
        raise EmptyPartition(partition)
    return rows


def _serve(
    config: ModelConfig, serving: Serving, partition: str, rows: PartitionRows, ports: Ports
) -> Scored | None:
    """Write what is served and record it; `None` when no version may serve.

    A log that an unfinished run has left is what was served, whoever is the champion by now.
    """
    distinct = rows.without_duplicates(config.data.key)
    logged = served_log(config.model, partition, ports.objects)
    instead_of = None
    if logged is None:
        healthy = first_healthy(config, serving, partition, ports)
        if healthy is None:
            return None
        logged = healthy.log(partition, "champion", distinct, ports)
        instead_of = serving.champion if logged.version != serving.champion else None
    scored = Scored(
        id=Scored.id_of(config.model, partition),
        model=config.model,
        partition=partition,
        scored_at=ports.now(),
        features_hash=rows.content_hash,
        logs=(logged,),
        duplicates=rows.table.num_rows - distinct.table.num_rows,
        instead_of=instead_of,
    )
    if ports.records.commit(new(scored)):
        return scored
    return ports.records.get(Scored, scored.id)


def _shadow(
    config: ModelConfig, challenger: VersionId, scored: Scored, rows: PartitionRows, ports: Ports
) -> Scored:
    """Write what the challenger would have said; bad data or a refused artefact is only told."""
    distinct = rows.without_duplicates(config.data.key)
    try:
        logged = predictor(config, challenger, ports).log(
            scored.partition, "shadow", distinct, ports
        )
    except BadData as wrong:
        tell_owner(
            config,
            rule="shadow",
            partition=scored.partition,
            summary=str(wrong),
            next_step=_ANOTHER,
            severity=Severity.WARN,
            ports=ports,
        )
        return scored

    def step(stored: Scored) -> tuple[Scored, list[Write]]:
        return (stored if stored.has(challenger) else stored.with_shadow(logged)), []

    return change(Scored, scored.id, step, ports)
