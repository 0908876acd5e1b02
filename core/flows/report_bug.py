"""A bug that somebody reports enters the same queue as the alerts."""

from core.domain.access import Verb
from core.domain.alert import Alert, Evidence
from core.domain.person import Person
from core.domain.verdict import Severity
from core.flows.permit import permit
from core.flows.raise_alert import raise_alert
from core.ports import Ports


def report_bug(model: str, text: str, key: str, by: Person, ports: Ports) -> Alert:
    """Put what a person saw into the queue.

    Args:
        model: the model it is about.
        text: what the person says.
        key: names the form that was sent, so that sending it twice files one bug.
        by: who reports it.
        ports: the outside world.

    Raises:
        Unknown: no config was ever applied for this model.
        NotAllowed: the person may not.
    """
    config = permit(Verb.REPORT, by, model, ports)
    alert = Alert(
        id=Alert.id_of(model, None, f"reported {key}"),
        model=model,
        rule="reported",
        channel=config.channel,
        raised_at=ports.now(),
        reported_by=by.id,
        evidence=Evidence(
            error_class=None,
            severity=Severity.WARN,
            summary=text,
            next_step="Look at what was reported, then set a priority.",
            fingerprint=key,
        ),
    )
    raise_alert(alert, ports)
    return alert
