"""Close an incident: with what was done about the data, or why nothing has to be."""

from core.domain.access import Verb
from core.domain.ids import IncidentId
from core.domain.incident import Ending, Incident
from core.domain.person import Person
from core.flows.change import change
from core.flows.permit import permit
from core.flows.telling import told, wake
from core.ports import Ports, Write


def close_incident(incident_id: IncidentId, ending: Ending, by: Person, ports: Ports) -> Incident:
    """End the story of an incident.

    Raises:
        Unknown: there is no such incident.
        NotAllowed: the person may not.
        NothingSaid: neither an action nor a reason for none is given.
        AlreadyClosed: it is closed.
    """

    def step(incident: Incident) -> tuple[Incident, list[Write]]:
        permit(Verb.REPORT, by, incident.model, ports)
        closed = incident.closed_with(ending, by, ports.now())
        return closed, told(closed, closed.channel, by, f"closed it: {closed.outcome}", ports)

    closed = change(Incident, incident_id, step, ports)
    wake(closed, closed.channel, ports)
    return closed
