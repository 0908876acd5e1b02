"""What an alert about a partition says of its predictions: what really became of them."""

from typing import Final

from core.domain.alert import Alert
from core.domain.errors import Unknown
from core.domain.model_config import InForce
from core.domain.outbox import OutboxEntry
from core.domain.partition_check import RULE, PartitionCheck
from core.domain.scored import Maker, NotScored, Scored
from core.domain.serving import Serving, short
from core.flows.change import change
from core.flows.telling import wake
from core.ports import Ports, Write, new

_SAID: Final[dict[Maker, str]] = {
    "version": "version {version}",
    "simple": "the simple model of version {version}",
    "constant": "the constant of version {version}",
}


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
        return "predicted elsewhere" if is_elsewhere else f"scored by {_version(scored)}"
    not_scored = ports.records.get(NotScored, NotScored.id_of(model, partition))
    if not_scored is not None:
        return f"not scored: {not_scored.reason}"
    if is_elsewhere:
        return "not predicted yet"
    serving = ports.records.get(Serving, model)
    return "not scored yet" if serving and serving.champion else "scored by no version yet"


def _version(scored: Scored) -> str:
    said = _SAID[scored.served.maker].format(version=short(scored.served.version))
    if scored.instead_of is not None:
        said += f" instead of {short(scored.instead_of)}, which could not"
    if scored.canary is not None:
        canary = scored.canary
        said += f", {canary.rows:,} of them by version {short(canary.version)} as a canary"
    aside = sum(scored.quarantined.values())
    return f"{said}, without {aside:,} in quarantine" if aside else said
