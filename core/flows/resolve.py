"""Resolve an alert and say why."""

from core.domain.access import Verb
from core.domain.alert import Alert, Disposition
from core.domain.ids import AlertId
from core.domain.person import Person
from core.flows.change import change
from core.flows.permit import permit
from core.flows.telling import told, wake
from core.ports import Ports, Write


def resolve(alert_id: AlertId, disposition: Disposition, by: Person, ports: Ports) -> Alert:
    """Close the alert with its disposition.

    Raises:
        Unknown: there is no such alert.
        NotAllowed: the person may not.
        AlreadyResolved: it is closed already.
    """

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        permit(Verb.RESOLVE, by, alert.model, ports)
        closed = alert.resolved_as(disposition, by, ports.now())
        return closed, told(closed, alert.channel, by, f"resolved it as {disposition}", ports)

    closed = change(Alert, alert_id, step, ports)
    wake(closed, closed.channel, ports)
    return closed
