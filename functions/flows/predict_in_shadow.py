"""Write down what versions in shadow would have said, after people have got what is served."""

from typing import Final

from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Logged, Scored
from core.domain.verdict import Severity
from core.flows.change import change
from core.ports import Ports, Write
from functions.data.feature_rows import as_read_by
from functions.data.partition_rows import PartitionRows
from functions.data.prediction_log import log_key, write_log
from functions.flows.predict_rows import attempt, candidate
from functions.flows.tell_owner import tell_owner

_ANOTHER: Final = "What is served is not touched. Retrain to get another challenger."


def predict_in_shadow(
    config: ModelConfig,
    versions: tuple[VersionId, ...],
    scored: Scored,
    rows: PartitionRows,
    ports: Ports,
) -> Scored:
    """Let each version predict the same rows; one that cannot is only told, and harms no other.

    Args:
        config: in force.
        versions: which have not predicted the partition.
        scored: what was served for it.
        rows: the very rows that were served, each once.
        ports: the outside world.
    """
    wrong: list[str] = []
    for version in versions:
        try:
            logged = _logged(config, version, scored.partition, rows, ports)
        except BadData as refused:
            wrong.append(str(refused))
            continue
        scored = _with(logged, scored, ports)
    if wrong:
        tell_owner(
            config,
            rule="shadow",
            partition=scored.partition,
            summary=" ".join(wrong),
            next_step=_ANOTHER,
            severity=Severity.WARN,
            ports=ports,
        )
    return scored


def _logged(
    config: ModelConfig, version: VersionId, partition: str, rows: PartitionRows, ports: Ports
) -> Logged:
    who, keys = candidate(config, version, ports), rows.keys(config.data.key)
    table = as_read_by(who.config, config, rows.table, partition, ports.objects)
    predicted = attempt(
        who, who.slow_after_s, lambda: who.loaded(ports).predicted("shadow", table, keys)
    )
    key = log_key(config.model, partition, who.id, "shadow")
    return write_log(key, partition, predicted, ports.now(), ports.objects)


def _with(logged: Logged, scored: Scored, ports: Ports) -> Scored:
    def step(stored: Scored) -> tuple[Scored, list[Write]]:
        return (stored if stored.has(logged.version) else stored.with_shadow(logged)), []

    return change(Scored, scored.id, step, ports)
