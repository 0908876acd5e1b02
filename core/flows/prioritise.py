"""Say how urgent an alert is."""

from core.domain.access import Verb
from core.domain.alert import Alert, Priority
from core.domain.ids import AlertId
from core.domain.person import Person
from core.flows.change import change
from core.flows.permit import permit
from core.flows.telling import told, wake
from core.ports import Ports, Write


def prioritise(alert_id: AlertId, priority: Priority, by: Person, ports: Ports) -> Alert:
    """Set the priority that a person gives.

    Raises:
        Unknown: there is no such alert.
        NotAllowed: the person may not.
        AlreadyResolved: it is closed.
    """

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        permit(Verb.PRIORITISE, by, alert.model, ports)
        urgent = alert.prioritised(priority)
        what = f"set the priority from {alert.priority or 'none'} to {priority}"
        return urgent, told(urgent, alert.channel, by, what, ports)

    urgent = change(Alert, alert_id, step, ports)
    wake(urgent, urgent.channel, ports)
    return urgent
