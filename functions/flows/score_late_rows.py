"""Score the rows that land after their partition was scored, and tell the owner that they came."""

from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.scored import Logged, Scored
from core.domain.verdict import Severity
from core.flows.change import change
from core.ports import Ports, Write
from functions.data.partition_rows import PartitionRows
from functions.data.prediction_log import read_predictions
from functions.flows.predict_rows import predictor
from functions.flows.tell_owner import tell_owner


def score_late_rows(
    config: ModelConfig, before: Scored, rows: PartitionRows, ports: Ports
) -> Scored:
    """Let the versions that scored a partition score its new rows, and return the record.

    What was served for the other rows stands, whatever they say now: predictions are written once,
    those of the new rows into an object of their own. Versions go on in the order of the record
    until one cannot, so that a challenger never predicts what was not served.
    """
    scored = before
    for logged in before.logs:
        more = _late(config, scored.partition, logged, rows, ports)
        if more is None:
            break
        scored = _written_down(scored, more, ports)
    _tell(config, before, scored, rows, ports)
    return scored


def _late(
    config: ModelConfig, partition: str, logged: Logged, rows: PartitionRows, ports: Ports
) -> Logged | None:
    """Predict what this version has not predicted; `None` when there is nothing, or it cannot."""
    key = config.data.key
    known = read_predictions(logged, ports.objects).keys
    late = rows.without_duplicates(key).without(known, key)
    if late.table.num_rows == 0:
        return None
    try:
        version = predictor(config, logged.version, ports)
        return version.log(partition, logged.stage, late, ports, part=rows.content_hash)
    except BadData:  # the rows stay without predictions, and the owner is told how many they are
        return None


def _written_down(scored: Scored, more: Logged, ports: Ports) -> Scored:
    def step(stored: Scored) -> tuple[Scored, list[Write]]:
        return stored.with_late(more), []

    return change(Scored, scored.id, step, ports)


def _tell(
    config: ModelConfig, before: Scored, after: Scored, rows: PartitionRows, ports: Ports
) -> None:
    late = after.served.rows - before.served.rows
    there = rows.without_duplicates(config.data.key).table.num_rows
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
