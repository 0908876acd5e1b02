"""Score the rows that land after their partition was scored, and tell the owner that they came."""

from typing import Final

import pandas as pd

from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.scored import Logged, Scored
from core.domain.serving import Serving
from core.domain.verdict import Severity
from core.flows.change import change
from core.ports import Ports, Write
from functions.data.feature_rows import as_read_by
from functions.data.partition_rows import PartitionRows
from functions.data.prediction_log import log_key, read_keys, write_log
from functions.flows.scoring.predict_rows import attempt, candidate
from functions.flows.scoring.quarantine_rows import Examined
from functions.flows.tell_owner import tell_owner
from functions.ml.scoring.canary import in_canary

_NOBODY: Final = pd.Index([], dtype="str")


def score_late_rows(
    config: ModelConfig, serving: Serving, before: Scored, examined: Examined, ports: Ports
) -> Scored:
    """Let the versions that scored a partition score its new rows, and return the record.

    What was served for the other rows stands, whatever they say now: predictions are written once,
    those of the new rows into an object of their own. Rows that leave the quarantine are new ones.
    A canary goes first and takes its share, as long as it is one; versions in shadow predict them
    afterwards (`predict_in_shadow`), and never what was not served.
    """
    rows = examined.rows.without_duplicates(config.data.key)
    scored = _canarys(config, serving, before, rows, ports)
    try:
        more = _late(config, scored, before.served, rows, ports)
    except BadData:  # the rows stay without predictions, and the owner is told how many
        more = None
    scored = _written_down(scored, more, ports) if more else scored
    scored = _with_quarantine(scored, examined, ports)
    _tell(config, before, scored, rows.table.num_rows, ports)
    return scored


def _canarys(
    config: ModelConfig, serving: Serving, scored: Scored, rows: PartitionRows, ports: Ports
) -> Scored:
    """Let the canary serve its share of the late rows; when it cannot, the champion does."""
    canary, key = scored.canary, config.data.key
    if canary is None or canary.version != serving.canary:
        return scored
    late = rows
    for logged in (canary, scored.served):
        late = late.without(read_keys(logged, ports.objects), key)
    is_its_own = in_canary(late.names(key), serving.drawn_by, serving.canary_share)
    try:
        more = _log(config, scored.partition, canary, late.only(is_its_own), rows, ports)
    except BadData:
        return scored
    return _written_down(scored, more, ports) if more else scored


def _late(
    config: ModelConfig, scored: Scored, logged: Logged, rows: PartitionRows, ports: Ports
) -> Logged | None:
    """Predict what who served has not predicted; `None` when there is nothing.

    Raises:
        BadData: it cannot.
    """
    key = config.data.key
    late = rows.without(read_keys(logged, ports.objects), key)
    canary = scored.canary
    if canary is None:
        return _log(config, scored.partition, logged, late, rows, ports)
    canarys = read_keys(canary, ports.objects)
    if config.stages.has_feedback_loop:
        late = late.without(canarys, key)
    return _log(config, scored.partition, logged, late, rows, ports, canarys)


def _log(  # noqa: PLR0913, PLR0917 - what is logged, and beside what
    config: ModelConfig,
    partition: str,
    logged: Logged,
    late: PartitionRows,
    rows: PartitionRows,
    ports: Ports,
    not_served: "pd.Index[str]" = _NOBODY,
) -> Logged | None:
    if late.table.num_rows == 0:
        return None
    who = candidate(config, logged.trained_with or logged.version, ports, logged.maker)
    keys = late.keys(config.data.key)
    table = as_read_by(who.config, config, late.table, partition, ports.objects)
    predicted = attempt(
        who,
        who.slow_after_s,
        lambda: who.loaded(ports).predicted(logged.stage, table, keys),
    )
    is_left_out = late.names(config.data.key).isin(not_served)
    if is_left_out.any():
        predicted = predicted.without_serving(is_left_out)
    key = log_key(config.model, partition, who.id, logged.stage, rows.content_hash)
    return write_log(key, partition, predicted, ports.now(), ports.objects)


def _written_down(scored: Scored, more: Logged, ports: Ports) -> Scored:
    def step(stored: Scored) -> tuple[Scored, list[Write]]:
        return stored.with_late(more), []

    return change(Scored, scored.id, step, ports)


def _with_quarantine(scored: Scored, examined: Examined, ports: Ports) -> Scored:
    if scored.quarantined == examined.quarantined:
        return scored

    def step(stored: Scored) -> tuple[Scored, list[Write]]:
        return stored.model_copy(update={"quarantined": examined.quarantined}), []

    return change(Scored, scored.id, step, ports)


def _tell(config: ModelConfig, before: Scored, after: Scored, there: int, ports: Ports) -> None:
    late = after.served.rows - before.served.rows
    summary = f"{late:,} rows landed after it was scored; they were scored then."
    if not late:
        summary = (
            f"It was changed after it was scored: {after.served.rows:,} rows have predictions, "
            f"{there:,} are there now."
        )
    tell_owner(
        config,
        rule="rewritten",
        partition=before.partition,
        summary=summary,
        next_step="Let a partition land as a whole; what was served for it stands.",
        severity=Severity.WARN,
        ports=ports,
    )
