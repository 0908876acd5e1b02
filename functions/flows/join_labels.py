"""Book the labels that landed to the predictions of their partition, however late or often."""

from typing import Final, Literal

import numpy as np

from core.domain.base import Value
from core.domain.cohort import Cohort, Outcome, matures_at
from core.domain.errors import BadData, Busy
from core.domain.job import Job
from core.domain.model_config import ModelConfig
from core.domain.requested import Requested, requests_prefix
from core.domain.scored import Scored
from core.domain.serving import Serving
from core.domain.verdict import ErrorClass, Severity
from core.domain.wording import many
from core.flows.note_foretold import note_foretold
from core.flows.note_realised import note_realised
from core.flows.permit import config_of
from core.ports import Ports, changed, new
from functions.data.cohort_predictions import CohortPredictions
from functions.data.label_store import Labels, booked_labels, landed_labels, store_booked
from functions.flows.judge_stage import judge_stage
from functions.flows.judging.outcomes import outcome_as_served, outcome_of
from functions.flows.scoring.gather_requests import gather_requests
from functions.flows.tell_owner import tell_owner

_ATTEMPTS: Final = 5
_STRANGERS: Final = 10  # labels: fewer may be of rows that were kept back
_MEND: Final = "Mend the labels and let them land again; what was booked before still stands."


class Booking(Value):
    """What a call to join labels came to."""

    decision: Literal["booked", "unchanged", "no labels", "not predicted", "bad data"]
    cohort: Cohort | None = None
    """`None` when nothing is booked for the partition."""


def join_labels(model: str, partition: str, ports: Ports) -> Booking:
    """Book the labels of a partition as they are now; the same labels again change nothing.

    They are booked to all predictions of the partition: those of its scoring, and those that were
    answered to requests. Versions in shadow which were not asked about the latter are asked by a
    job. What is known then of how predictions turned out is shown where people decide.

    Raises:
        Unknown: no config was ever applied for this model.
        Busy: others kept booking the same partition.
    """
    booking = book_labels(model, partition, ports)
    if booking.cohort is not None and _awaits_shadows(model, partition, ports):
        ports.jobs.start(Job.of_partition("shadow", model, partition, ports.now()))
    return booking


def book_labels(model: str, partition: str, ports: Ports) -> Booking:
    """Do all that `join_labels` does, but ask no version for more."""
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
        _tell_of_strangers(config, booking.cohort, ports)
        note_realised(booking.cohort, ports)
        note_foretold(model, ports, booking.cohort)
        judge_stage(config, booking.cohort, ports)
    return booking


def _tell_of_strangers(config: ModelConfig, cohort: Cohort, ports: Ports) -> None:
    """Tell the owner of labels that name no row which was scored: as a rule, keys differ."""
    scored = ports.records.get(Scored, Scored.id_of(config.model, cohort.partition))
    if scored is None or cohort.labelled_share or cohort.unmatched < _STRANGERS:
        return
    rows = many(cohort.unmatched, "label")
    tell_owner(
        config,
        rule="labels",
        partition=cohort.partition,
        summary=f"None of {rows} names a row that was scored: compare `{config.data.key}` in "
        f"{config.data.labels} and in {config.data.features}.",
        next_step=_MEND,
        severity=Severity.WARN,
        error_class=ErrorClass.HARD,
        ports=ports,
    )


def _awaits_shadows(model: str, partition: str, ports: Ports) -> bool:
    requested = ports.records.get(Requested, Requested.id_of(model, partition))
    serving = ports.records.get(Serving, model)
    if requested is None or serving is None or not requested.logs:
        return False
    is_loop = config_of(model, ports).stages.has_feedback_loop
    return requested.awaits(serving.in_shadow) or (requested.awaits_champion and not is_loop)


def _join(config: ModelConfig, partition: str, ports: Ports) -> Booking:
    """Read the cohort first, so that no older labels replace newer ones."""
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Cohort, Cohort.id_of(config.model, partition))
        scored = ports.records.get(Scored, Scored.id_of(config.model, partition))
        if scored is None and not _is_asked_for(config, partition, ports):
            return Booking(decision="not predicted")
        labels = landed_labels(config, partition, ports.objects)
        if labels is None:
            return Booking(decision="no labels", cohort=before)
        requested = gather_requests(config.model, partition, ports)
        known = CohortPredictions(scored, requested, ports.objects)
        if not known.logs:
            return Booking(decision="not predicted")
        if before is not None and _is_known(before, known, labels):
            return Booking(decision="unchanged", cohort=before)
        cohort = _cohort(config, partition, known, labels, before, ports)
        if ports.records.commit(changed(cohort) if before else new(cohort)):
            return Booking(decision="booked", cohort=cohort)
    raise Busy


def _is_asked_for(config: ModelConfig, partition: str, ports: Ports) -> bool:
    return any(True for _ in ports.objects.list(requests_prefix(config.model, partition)))


def _is_known(before: Cohort, known: CohortPredictions, labels: Labels) -> bool:
    booked = (before.labels_hash, before.predictions_hash)
    return booked == (labels.content_hash, known.content_hash)


def _cohort(  # noqa: PLR0913, PLR0917 - whose labels of what are booked, and in whose place
    config: ModelConfig,
    partition: str,
    known: CohortPredictions,
    labels: Labels,
    before: Cohort | None,
    ports: Ports,
) -> Cohort:
    read = [(logged, known.of(logged.version, logged.stage)) for logged in known.logs]
    logs = [(logged, said) for logged, said in read if said is not None]
    outcomes = tuple(outcome_of(config, log, labels) for log in logs)
    as_served = outcome_as_served(config, logs, labels)
    share = _labelled_share((as_served,) if as_served else outcomes)
    corrections = 0
    if before is not None:
        earlier = booked_labels(before.labels_key, config.target.classes, ports.objects)
        corrections = before.corrections + labels.changed_since(earlier)
    is_matched = np.zeros(len(labels.by_key), np.bool_)
    for logged, said in logs:
        if logged.stage != "shadow":
            is_matched |= labels.by_key.index.isin(said.keys)
    return Cohort(
        id=Cohort.id_of(config.model, partition),
        revision=before.revision if before else 0,
        model=config.model,
        partition=partition,
        outcomes=outcomes,
        as_served=as_served,
        labels_hash=labels.content_hash,
        labels_key=store_booked(config.model, partition, labels, ports.objects),
        predictions_hash=known.content_hash,
        labelled_share=share,
        unmatched=int((~is_matched).sum()),
        corrections=corrections,
        known_until=ports.now(),
        matures_at=matures_at(partition, config.target, share),
    )


def _labelled_share(outcomes: tuple[Outcome, ...]) -> float:
    """Say which share of the rows that were served has a label, whoever served them."""
    served = [one for one in outcomes if one.stage in {"champion", "fallback"}] or outcomes[:1]
    return sum(one.labelled for one in served) / max(sum(one.predicted for one in served), 1)
