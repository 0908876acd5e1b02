"""Raise an alert, or change what an alert says after its partition was checked again."""

from core.domain.alert import Alert, Evidence
from core.domain.person import Person
from core.domain.timeline import Line
from core.flows.change import change
from core.flows.ledger import is_kept_quiet, looked_up
from core.flows.on_call import calling
from core.flows.telling import announced, told, wake
from core.ports import Ports, Write, new


def raise_alert(alert: Alert, ports: Ports) -> bool:
    """Record the alert, its outbox entry and its timeline line; False if that was done before.

    Slack hears of it from the outbox (decision 1): a crash anywhere is healed by the retry. Of a
    rule that a person made quieter it hears nothing, while the alert stands in the queue.
    Where nothing was measured, nothing is looked up: whoever waits for an answer waits no longer.
    """
    known = calling(looked_up(alert, ports) if alert.evidence.blamed else alert, ports)
    what = f"raised: {alert.evidence.summary}"
    if known.is_quiet:
        return ports.records.commit(new(known), _noted(known, what, ports))
    raised = ports.records.commit(
        new(known), *announced(known, known.channel, Person.machine(), what, ports)
    )
    if raised:
        wake(known, known.channel, ports)
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
        if updated.is_quiet and is_kept_quiet(updated, ports):
            return updated, [_noted(updated, what, ports)]
        shown = updated.posted()
        return shown, told(shown, alert.channel, Person.machine(), what, ports)

    updated = change(Alert, alert_id, step, ports)
    wake(updated, updated.channel, ports)
    return updated


def _noted(alert: Alert, what: str, ports: Ports) -> Write:
    """Write it down and tell nobody."""
    return new(Line.of(alert, Person.machine(), what, ports.now()))
