"""Raise an alert, or change what an alert says after its partition was checked again."""

from core.domain.alert import Alert, Evidence
from core.domain.person import Person
from core.flows.change import change
from core.flows.telling import announced, told, wake
from core.ports import Ports, Write, new


def raise_alert(alert: Alert, ports: Ports) -> bool:
    """Record the alert, its outbox entry and its timeline line; False if that was done before.

    Slack hears of it from the outbox (decision 1): a crash anywhere is healed by the retry.
    """
    what = f"raised: {alert.evidence.summary}"
    raised = ports.records.commit(
        new(alert), *announced(alert, alert.channel, Person.machine(), what, ports)
    )
    if raised:
        wake(alert, alert.channel, ports)
    return raised


def update_alert(alert_id: str, evidence: Evidence, ports: Ports) -> Alert:
    """Replace what an alert says was seen, because its partition was rewritten and checked again.

    Other data that is broken opens a resolved alert again; data that passes closes nothing.

    Raises:
        Unknown: there is no such alert.
    """

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        updated = alert.with_evidence(evidence)
        what = f"checked it again: {evidence.summary}"
        return updated, told(updated, alert.channel, Person.machine(), what, ports)

    updated = change(Alert, alert_id, step, ports)
    wake(updated, updated.channel, ports)
    return updated
