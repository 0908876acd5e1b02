"""What an alert about a partition says of its predictions: what really became of them."""

from core.domain.alert import Alert
from core.domain.errors import Unknown
from core.domain.model_config import InForce
from core.domain.outbox import OutboxEntry
from core.domain.partition_check import RULE, PartitionCheck
from core.domain.scored import NotScored, Scored
from core.domain.serving import Serving
from core.flows.change import change
from core.flows.telling import wake
from core.ports import Ports, Write, new


def affected(check: PartitionCheck, ports: Ports) -> str:
    """Say how many rows it is about, and who predicted them, if anybody did."""
    became = _became_of(check.model, check.partition, ports)
    return f"{check.rows:,} rows of this partition, {became}"


def keep_affected(model: str, partition: str, ports: Ports) -> None:
    """Let the alert about a partition say what became of its predictions, if it does not.

    Check and score run at the same time: each calls this when it has written down what it did, so
    that whoever comes last sees both. Nothing happened to the alert itself: only its card changes.
    """
    check = ports.records.get(PartitionCheck, PartitionCheck.id_of(model, partition))
    known = ports.records.get(Alert, Alert.id_of(model, partition, RULE))
    if check is None or known is None or known.evidence.affected == affected(check, ports):
        return

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        after = alert.affecting(affected(check, ports))
        return after, [new(OutboxEntry.redraw(after, after.channel, ports.now()))]

    alert = change(Alert, known.id, step, ports)
    wake(alert, alert.channel, ports)


def _became_of(model: str, partition: str, ports: Ports) -> str:
    in_force = ports.records.get(InForce, model)
    if in_force is None:
        raise Unknown("model", model)
    is_elsewhere = in_force.config.serving == "elsewhere"
    scored = ports.records.get(Scored, Scored.id_of(model, partition))
    if scored is not None:
        return "predicted elsewhere" if is_elsewhere else f"scored by {scored.by_whom}"
    not_scored = ports.records.get(NotScored, NotScored.id_of(model, partition))
    if not_scored is not None:
        return f"not scored: {not_scored.reason}"
    if is_elsewhere:
        return "not predicted yet"
    serving = ports.records.get(Serving, model)
    return "not scored yet" if serving and serving.champion else "scored by no version yet"
