"""Score a landed partition: what people are served; versions in shadow are asked afterwards."""

from typing import Final, Literal

from core.domain.base import Value
from core.domain.data_config import Predictions
from core.domain.errors import BadData, Unknown
from core.domain.job import Job
from core.domain.model_config import ModelConfig
from core.domain.partition_check import RULE
from core.domain.scored import Maker, NotScored, Scored
from core.domain.serving import Serving
from core.domain.verdict import ErrorClass, Severity
from core.flows.permit import config_of
from core.ports import Ports, changed, new
from functions.data.feature_rows import feature_rows
from functions.data.partition_rows import PartitionRows, UnlikeParts
from functions.flows.checking.affected import keep_affected
from functions.flows.join_labels import join_labels
from functions.flows.scoring.adopt_predictions import adopt_predictions
from functions.flows.scoring.check_output import check_output
from functions.flows.scoring.check_predictions import check_predictions
from functions.flows.scoring.quarantine_rows import quarantine_rows, tell_quarantine
from functions.flows.scoring.score_late_rows import score_late_rows
from functions.flows.scoring.serve_partition import serve_partition
from functions.flows.tell_owner import tell_owner
from functions.ml.columns import MissingColumn, WrongType

_MEND: Final = "Mend the partition and let it land again; until then it has no predictions."

Decision = Literal[
    "scored",
    "scored by an earlier version",
    "scored by a simple model",
    "scored by a constant",
    "scored before",
    "no champion",
    "no healthy version",
    "served elsewhere",
    "bad data",
]

_BY_A_FALLBACK: Final[dict[Maker, Decision]] = {
    "version": "scored by an earlier version",
    "simple": "scored by a simple model",
    "constant": "scored by a constant",
}
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
    """Let champion and canary score a partition, once; for versions in shadow, start a job.

    For a model that is served elsewhere, take what the other system predicted instead.

    input contract -> champion, or its fallback -> overrides -> output contract -> log | shadows

    What is served is written, recorded and checked here, and no shadow is ever loaded: `shadow` is
    a function of its own, so that neither an error of theirs nor the end of all memory can reach
    what people get. Labels that came before the predictions are booked then.

    Raises:
        Unknown: there is no such model, or nothing landed for the partition.
    """
    config = config_of(model, ports)
    scoring = _scoring(config, partition, ports)
    if scoring.decision in _NOT_SCORED:
        _write_down_why(NotScored.because(_NOT_SCORED[scoring.decision], model, partition), ports)
    if scoring.scored is not None:
        check_output(config, scoring.scored, ports)
        tell_quarantine(config, partition, scoring.scored.quarantined, ports)
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
    examined = quarantine_rows(config, partition, _landed(config, partition, ports), ports)
    is_changed = before is not None and before.features_hash != examined.rows.content_hash
    if before is not None and is_changed:
        before = score_late_rows(config, serving, before, examined, ports)
    scored = before or serve_partition(config, serving, partition, examined, ports)
    if scored is None:
        return Scoring(decision="no healthy version")
    join_labels(config.model, partition, ports)
    if scored.awaits(serving.in_shadow) or (is_changed and scored.shadows):
        ports.jobs.start(Job.of_partition("shadow", config.model, partition, ports.now()))
    if before is not None:
        return Scoring(decision="scored before", scored=scored)
    is_own = scored.served.stage == "champion"
    decision: Decision = "scored" if is_own else _BY_A_FALLBACK[scored.served.maker]
    return Scoring(decision=decision, scored=scored)


def _write_down_why(why: NotScored, ports: Ports) -> None:
    known = ports.records.get(NotScored, why.id)
    if known is None:
        ports.records.commit(new(why))
    elif known.reason != why.reason:  # whoever is quicker knows as much: a refused write is no loss
        ports.records.commit(changed(known.model_copy(update={"reason": why.reason})))


def _is_found_by_the_check(wrong: BadData, config: ModelConfig) -> bool:
    """Say whether the check of the same partition finds it too: then one alert tells of both.

    What it does not look at is a column that only an older version still reads; and where objects
    differ, it takes each by itself, and finds only what is no number.
    """
    if isinstance(wrong, UnlikeParts):
        column = config.columns.get(wrong.column)
        return column is not None and column.type == "number"
    return not isinstance(wrong, MissingColumn | WrongType) or wrong.name in config.columns


def _landed(config: ModelConfig, partition: str, ports: Ports) -> PartitionRows:
    landed = feature_rows(config, partition, ports.objects)
    if landed is None:
        raise Unknown("partition", partition)
    if landed.table.num_rows == 0:
        raise EmptyPartition(partition)
    return landed
