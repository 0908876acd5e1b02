"""Acknowledge an alert: the first person who clicks has it."""

from core.domain.access import Verb
from core.domain.alert import Alert
from core.domain.ids import AlertId
from core.domain.person import Person
from core.flows.change import change
from core.flows.permit import permit
from core.flows.telling import told, wake
from core.ports import Ports, Write


def acknowledge(alert_id: AlertId, by: Person, ports: Ports) -> Alert:
    """Give the alert to this person; of two at once the first one has it.

    Raises:
        Unknown: there is no such alert.
        NotAllowed: the person may not.
        AlreadyAcknowledged: somebody already has it.
        AlreadyResolved: it is closed.
    """

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        permit(Verb.ACKNOWLEDGE, by, alert.model, ports)
        taken = alert.acknowledged_by(by, ports.now())
        return taken, told(taken, alert.channel, by, "acknowledged", ports)

    taken = change(Alert, alert_id, step, ports)
    wake(taken, taken.channel, ports)
    return taken
