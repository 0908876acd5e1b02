"""Predict a partition for people: the canary its share, the champion or its fallback the rest."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.scored import Hop, Logged, Scored
from core.domain.serving import Serving
from core.domain.verdict import Severity
from core.ports import Ports, new
from functions.arrays import Flags
from functions.data.partition_rows import PartitionRows
from functions.data.predicted import Predicted
from functions.data.prediction_log import canary_log, log_key, read_keys, served_log, write_log
from functions.flows.scoring.fall_back import StoredPredictors, fall_back, tell_hops
from functions.flows.scoring.predict_rows import attempt
from functions.flows.scoring.quarantine_rows import Examined
from functions.flows.tell_owner import tell_owner
from functions.ml.scoring.canary import in_canary

_CANARY_S: Final = 60.0  # the champion has to come out as well before the function ends
_NO_CANARY: Final = "The champion served its share. Look at the version, and end its canary."


@dataclass(frozen=True)
class _Job:
    """What is predicted, for whom."""

    config: ModelConfig
    serving: Serving
    partition: str
    rows: PartitionRows
    ports: Ports

    @property
    def key(self) -> str:
        return self.config.data.key

    def write(self, predicted: Predicted) -> Logged:
        key = log_key(self.config.model, self.partition, predicted.version, predicted.stage)
        return write_log(key, self.partition, predicted, self.ports.now(), self.ports.objects)


def serve_partition(
    config: ModelConfig, serving: Serving, partition: str, examined: Examined, ports: Ports
) -> Scored | None:
    """Write what is served and record it; `None` when nobody can predict.

    A log that an unfinished run has left is what was served, whoever is the champion by now. The
    canary's is written first: the champion's says which rows it left to it.
    """
    distinct = examined.rows.without_duplicates(config.data.key)
    job = _Job(config, serving, partition, distinct, ports)
    before = served_log(config.model, partition, ports.objects)
    canary = canary_log(config.model, partition, ports.objects)
    if before is None:
        canary = canary or _canary(job)
        logged, hops = _rest(job, canary)
        if logged is None:
            return None
    else:
        logged, hops = before, ()
    scored = Scored(
        id=Scored.id_of(config.model, partition),
        model=config.model,
        partition=partition,
        scored_at=ports.now(),
        features_hash=examined.rows.content_hash,
        joined=examined.rows.joined_hash,
        logs=(logged, canary) if canary else (logged,),
        duplicates=examined.rows.table.num_rows - distinct.table.num_rows,
        instead_of=serving.champion if logged.stage == "fallback" else None,
        hops=hops,
        quarantined=examined.quarantined,
    )
    if ports.records.commit(new(scored)):
        return scored
    return ports.records.get(Scored, scored.id)


def _canary(job: _Job) -> Logged | None:
    """Let the canary serve its share; when it cannot, these rows are the champion's."""
    serving, rows = job.serving, job.rows
    if serving.canary is None:
        return None
    is_its_own = in_canary(rows.names(job.key), serving.drawn_by, serving.canary_share)
    if not is_its_own.any():
        return None
    share = rows.only(is_its_own)
    known = StoredPredictors(job.config, job.serving, job.partition, job.ports)
    who = known.candidate(serving.canary)
    try:
        predicted = attempt(
            who,
            min(who.slow_after_s, _CANARY_S),
            lambda: who.loaded(job.ports).predicted(
                "canary", known.rows_for(who, share.table), share.keys(job.key)
            ),
        )
    except BadData as wrong:
        tell_owner(
            job.config,
            rule="canary",
            partition=job.partition,
            summary=str(wrong),
            next_step=_NO_CANARY,
            severity=Severity.PAGE,
            ports=job.ports,
        )
        return None
    return job.write(predicted)


def _rest(job: _Job, canary: Logged | None) -> tuple[Logged | None, tuple[Hop, ...]]:
    """Let the champion, or who stands in for it, predict; the canary's rows for comparison only.

    Where what is served changes what happens, nothing is learned from that comparison, and the
    champion leaves the canary's rows alone.
    """
    rows, is_canarys = job.rows, np.zeros(job.rows.table.num_rows, np.bool_)
    if canary is not None:
        is_canarys = _of(canary, job)
        if job.config.stages.has_feedback_loop:
            rows, is_canarys = rows.only(~is_canarys), np.zeros(0, np.bool_)
    known = StoredPredictors(job.config, job.serving, job.partition, job.ports)
    found = fall_back(known, rows.table, rows.keys(job.key))
    tell_hops(job.config, found, job.partition, job.ports)
    if found.predicted is None:
        return None, found.hops
    predicted = found.predicted
    if is_canarys.any():
        predicted = predicted.without_serving(is_canarys)
    return job.write(predicted), found.hops


def _of(canary: Logged, job: _Job) -> Flags:
    """Say which rows a canary serves: those in its log, whatever the share is by now."""
    known = read_keys(canary, job.ports.objects)
    return job.rows.names(job.key).isin(known)
