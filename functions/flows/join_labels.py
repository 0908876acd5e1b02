"""Book the labels that landed to the predictions of their partition, however late or often."""

from dataclasses import asdict
from typing import Final, Literal

import numpy as np

from core.domain.base import Value
from core.domain.cohort import Cohort, Outcome, matures_at
from core.domain.errors import BadData, Busy
from core.domain.model_config import ModelConfig
from core.domain.scored import Logged, Scored
from core.domain.verdict import ErrorClass, Severity
from core.flows.note_realised import note_realised
from core.flows.permit import config_of
from core.ports import Ports, changed, new
from functions.data.label_store import Labels, booked_labels, landed_labels, store_booked
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.judge_stage import judge_stage
from functions.flows.tell_owner import tell_owner
from functions.ml.judged import Judged
from functions.ml.kpi import kpi_of_rows
from functions.ml.losses import Predictions, Truths
from functions.ml.turned_out import turned_out

_ATTEMPTS: Final = 5
_MEND: Final = "Mend the labels and let them land again; what was booked before still stands."


class Booking(Value):
    """What a call to join labels came to."""

    decision: Literal["booked", "unchanged", "no labels", "not predicted", "bad data"]
    cohort: Cohort | None = None
    """`None` when nothing is booked for the partition."""


def join_labels(model: str, partition: str, ports: Ports) -> Booking:
    """Book the labels of a partition as they are now; the same labels again change nothing.

    What is known then of how predictions turned out is shown where people decide.

    Raises:
        Unknown: no config was ever applied for this model.
        Busy: others kept booking the same partition.
    """
    config = config_of(model, ports)
    try:
        booking = _join(config, partition, ports)
    except BadData as wrong:
        tell_owner(
            config,
            rule="labels",
            partition=partition,
            summary=str(wrong),
            next_step=_MEND,
            severity=Severity.WARN,
            error_class=ErrorClass.HARD,
            ports=ports,
        )
        return Booking(decision="bad data")
    if booking.cohort is not None:
        note_realised(booking.cohort, ports)
        judge_stage(config, booking.cohort, ports)
    return booking


def _join(config: ModelConfig, partition: str, ports: Ports) -> Booking:
    """Read cohort, scoring and labels in this order, so that no older labels replace newer ones."""
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Cohort, Cohort.id_of(config.model, partition))
        scored = ports.records.get(Scored, Scored.id_of(config.model, partition))
        if scored is None:
            return Booking(decision="not predicted")
        labels = landed_labels(config, partition, ports.objects)
        if labels is None:
            return Booking(decision="no labels", cohort=before)
        if before is not None and _is_known(before, scored, labels):
            return Booking(decision="unchanged", cohort=before)
        cohort = _cohort(config, scored, labels, before, ports)
        if ports.records.commit(changed(cohort) if before else new(cohort)):
            return Booking(decision="booked", cohort=cohort)
    raise Busy


def _is_known(before: Cohort, scored: Scored, labels: Labels) -> bool:
    logs = {(logged.key, logged.rows) for logged in scored.logs}
    booked = {(outcome.key, outcome.predicted) for outcome in before.outcomes}
    return before.labels_hash == labels.content_hash and logs == booked


def _cohort(
    config: ModelConfig, scored: Scored, labels: Labels, before: Cohort | None, ports: Ports
) -> Cohort:
    logs = [(logged, LoggedPredictions.read(logged, ports.objects)) for logged in scored.logs]
    outcomes = tuple(_outcome(config, *log, labels) for log in logs)
    share = outcomes[0].labelled / max(outcomes[0].predicted, 1)
    corrections = 0
    if before is not None:
        earlier = booked_labels(before.labels_key, config.target.classes, ports.objects)
        corrections = before.corrections + labels.changed_since(earlier)
    _, served = logs[0]
    return Cohort(
        id=Cohort.id_of(scored.model, scored.partition),
        revision=before.revision if before else 0,
        model=scored.model,
        partition=scored.partition,
        outcomes=outcomes,
        labels_hash=labels.content_hash,
        labels_key=store_booked(scored.model, scored.partition, labels, ports.objects),
        labelled_share=share,
        unmatched=int((~labels.by_key.index.isin(served.keys)).sum()),
        corrections=corrections,
        known_until=ports.now(),
        matures_at=matures_at(scored.partition, config.target, share),
    )


def _outcome(
    config: ModelConfig, logged: Logged, read: LoggedPredictions, labels: Labels
) -> Outcome:
    predicted = read.numbered()
    values = predicted.for_target(config.target)
    known = labels.of(predicted.keys)
    is_known = ~np.isnan(known) & (values is not None)
    outcome = Outcome(
        version=logged.version,
        stage=logged.stage,
        key=logged.key,
        predicted=logged.rows,
        labelled=int(is_known.sum()),
        loss=None,
    )
    if values is None or not is_known.any():
        return outcome
    predictions, truths = values[is_known], known[is_known]
    turned = turned_out(config.target, config.evaluation.cut, predictions, truths)
    update = {**asdict(turned), **_kpi(config, predictions, truths), "unit": config.target.unit}
    return outcome.model_copy(update=update)


def _kpi(config: ModelConfig, predictions: Predictions, truths: Truths) -> dict[str, object]:
    kpi = config.evaluation.kpi
    if kpi is None:
        return {}
    of_one = np.zeros(len(truths), np.intp)
    judged = Judged(config.target, config.evaluation, predictions, truths, of_one)
    return {"kpi": kpi_of_rows(kpi, judged), "kpi_expression": kpi.expression}
