"""An incident: a story with a commander, a priority and a report."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from core.domain.alert import Alert, Priority
from core.domain.base import Record, Value
from core.domain.ids import AlertId, IncidentId
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


class Incident(Record):
    """A report that was filed about an alert."""

    kind: ClassVar[str] = "incident"

    id: IncidentId
    model: str
    channel: str
    alert: AlertId
    commander: str
    opened_at: AwareDatetime
    report: Report

    @property
    def listing(self) -> str:
        """All incidents of the model."""
        return f"incidents:{self.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.opened_at.isoformat()} {self.id}"

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

{report.data_action or "Still open."}

## Timeline

{happened}
"""
    return with_names(document, names)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
