"""File an incident report about an alert, and export it."""

from core.domain.access import Verb
from core.domain.alert import Alert
from core.domain.errors import Refusal, Unknown
from core.domain.ids import AlertId, IncidentId, fresh_id
from core.domain.incident import Incident, Report, as_markdown
from core.domain.person import Person
from core.domain.person_name import PersonName, mentioned
from core.domain.timeline import Line
from core.flows.change import change
from core.flows.permit import permit
from core.flows.telling import announced, told, wake
from core.ports import Ports, Write, new

_LONGEST_TIMELINE = 1000


class AlreadyReported(Refusal):
    """The alert has its report."""

    def __init__(self, incident: IncidentId) -> None:
        super().__init__(f"This alert already has the incident report {incident}.")
        self.incident = incident


def report_incident(alert_id: AlertId, report: Report, by: Person, ports: Ports) -> Incident:
    """Store the report, tie it to its alert, and post it.

    Raises:
        Unknown: there is no such alert.
        NotAllowed: the person may not.
        AlreadyReported: the alert has its report.
    """
    incident_id = IncidentId(fresh_id("inc", ports.now(), ports.random_bits(80)))

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        permit(Verb.REPORT, by, alert.model, ports)
        if alert.incident is not None:
            raise AlreadyReported(alert.incident)
        incident = Incident(
            id=incident_id,
            model=alert.model,
            channel=alert.channel,
            alert=alert_id,
            commander=by.id,
            opened_at=ports.now(),
            report=report,
        )
        tied = alert.reported_in(incident_id)
        return tied, [
            new(incident),
            *announced(incident, alert.channel, by, "filed the incident report", ports),
            *told(tied, alert.channel, by, f"filed the incident report {incident_id}", ports),
        ]

    alert = change(Alert, alert_id, step, ports)
    wake(alert, alert.channel, ports)
    return incident_of(incident_id, ports)


def export_incident(incident_id: IncidentId, ports: Ports) -> str:
    """Return the report as Markdown, the whole timeline of its alert and its own included.

    What people are called was asked before (`core.flows.refresh_people`); here nobody asks Slack.

    Raises:
        Unknown: there is no such incident.
    """
    incident = incident_of(incident_id, ports)
    alert = ports.records.get(Alert, incident.alert)
    if alert is None:
        raise Unknown("alert", incident.alert)
    timeline = _timeline(incident, alert, ports)
    return as_markdown(incident, alert, timeline, _names(incident, timeline, ports))


def _timeline(incident: Incident, alert: Alert, ports: Ports) -> list[Line]:
    """Read what happened to both; that it was filed stands in the alert's."""
    of_alert, own = (
        ports.records.query(Line, f"timeline:{id_}", limit=_LONGEST_TIMELINE)
        for id_ in (alert.id, incident.id)
    )
    return sorted([*of_alert, *(line for line in own if line.number)], key=lambda line: line.place)


def _names(incident: Incident, timeline: list[Line], ports: Ports) -> dict[str, str]:
    people = [incident.commander, *(id_ for line in timeline for id_ in mentioned(line.who))]
    known = (ports.records.get(PersonName, id_) for id_ in dict.fromkeys(people))
    return {person.id: person.name for person in known if person and person.name}


def incident_of(incident_id: IncidentId, ports: Ports) -> Incident:
    """Read one incident.

    Raises:
        Unknown: there is no such incident.
    """
    incident = ports.records.get(Incident, incident_id)
    if incident is None:
        raise Unknown("incident", incident_id)
    return incident
