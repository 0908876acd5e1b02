"""An incident: a story with a commander, a priority and a report."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from core.domain.alert import Alert, Priority
from core.domain.base import Record, Value
from core.domain.errors import Refusal
from core.domain.ids import AlertId, IncidentId
from core.domain.person import Person
from core.domain.person_name import with_names
from core.domain.timeline import Line


class Report(Value):
    """What a person writes into the form."""

    title: str = Field(min_length=1, max_length=150)
    priority: Priority
    summary: str = Field(min_length=1, max_length=3000)
    impact: str = Field(min_length=1, max_length=3000)
    data_action: str | None = Field(default=None, max_length=3000)
    """What was or will be done to the data; `None` while that is open."""


class Ending(Value):
    """What a person says who closes an incident: one of the two."""

    data_action: str | None = Field(default=None, max_length=3000)
    """What was done about the data."""
    no_action_because: str | None = Field(default=None, max_length=3000)
    """Why nothing has to be done about it."""


class NothingSaid(Refusal):
    """An incident cannot be closed in silence."""

    def __init__(self) -> None:
        super().__init__("Please say what was done about the data, or below why nothing has to be.")


class AlreadyClosed(Refusal):
    """An old card was clicked, or two people clicked at once."""

    def __init__(self, by: str) -> None:
        super().__init__(f"<@{by}> has already closed this incident.")


class Incident(Record):
    """A report that was filed about an alert; open until somebody says what becomes of the data."""

    kind: ClassVar[str] = "incident"

    id: IncidentId
    model: str
    channel: str
    alert: AlertId
    commander: str
    opened_at: AwareDatetime
    report: Report
    no_action_because: str | None = None
    """Why nothing is done about the data; `None` while it is open, or where something was."""
    closed_by: str | None = None
    closed_at: AwareDatetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return self.closed_by is None

    @property
    def outcome(self) -> str:
        """Say what became of the data, a clause."""
        if self.no_action_because:
            return f"nothing is done about the data, {self.no_action_because}"
        return self.report.data_action or "still open"

    @property
    def listing(self) -> str:
        """All incidents of the model."""
        return f"incidents:{self.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.opened_at.isoformat()} {self.id}"

    def closed_with(self, ending: Ending, by: Person, at: AwareDatetime) -> Self:
        """Close it; an action counts before a reason for none.

        Raises:
            AlreadyClosed: somebody has.
            NothingSaid: neither is given.
        """
        if self.closed_by is not None:
            raise AlreadyClosed(self.closed_by)
        if not (ending.data_action or ending.no_action_because):
            raise NothingSaid
        reason = None if ending.data_action else ending.no_action_because
        report = self.report.model_copy(update={"data_action": ending.data_action})
        update = {"report": report, "no_action_because": reason}
        return self.model_copy(update={**update, "closed_by": by.id, "closed_at": at})

    def told_in(self, channel: str) -> Self:
        """Tell of it in another channel from now on."""
        return self.model_copy(update={"channel": channel})


def draft(alert: Alert) -> Report:
    """Prefill the form with what the alert already knows."""
    evidence = alert.evidence
    seen = [blame.sentence for blame in evidence.blamed] or [evidence.summary]
    partition = f" on {alert.partition}" if alert.partition else ""
    return Report(
        title=_cut(f"{alert.model}{partition}: {evidence.summary.replace('`', '')}", 150),
        priority=alert.priority or Priority.P2,
        summary=_cut("\n".join(f"• {sentence}" for sentence in seen), 3000),
        impact=_cut(evidence.affected or "Not known yet.", 3000),
    )


def as_markdown(
    incident: Incident, alert: Alert, timeline: Sequence[Line], names: Mapping[str, str]
) -> str:
    """Write the report as a document that stands alone: people by name, or by id without one."""
    report, evidence = incident.report, alert.evidence
    partition = alert.partition or "none: it is about the model"
    error_class = evidence.error_class or "reported by a person"
    blamed = "\n".join(f"- {blame.sentence}" for blame in evidence.blamed) or "- none named"
    happened = "\n".join(
        f"- {line.at:%Y-%m-%d %H:%M} UTC: {line.who} {line.what}" for line in timeline
    )
    document = f"""# {report.title}

| | |
| --- | --- |
| Incident | {incident.id} |
| Priority | {report.priority} |
| Commander | <@{incident.commander}> |
| Opened | {incident.opened_at:%Y-%m-%d %H:%M} UTC |
| Closed | {_closed(incident)} |
| Model | {incident.model} |
| Partition | {partition} |
| Error class | {error_class} |

## Summary

{report.summary}

## Impact

{report.impact}

## What was seen

{blamed}

## Data action

{_data_action(incident)}

## Timeline

{happened}
"""
    return with_names(document, names)


def _data_action(incident: Incident) -> str:
    if incident.no_action_because:
        return f"None: {incident.no_action_because}"
    return incident.report.data_action or "Still open."


def _closed(incident: Incident) -> str:
    if incident.closed_at is None:
        return "not yet"
    return f"{incident.closed_at:%Y-%m-%d %H:%M} UTC by <@{incident.closed_by}>"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
