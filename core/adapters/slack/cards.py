"""How whatever a message can be about looks in Slack: pure functions of the record."""

from typing import Final

from core.adapters.slack.actions import CLOSE_INCIDENT
from core.adapters.slack.alert_card import alert_card
from core.adapters.slack.blocks import (
    Card,
    actions,
    button,
    context,
    cut,
    escape,
    fallback,
    fields,
    header,
    section,
    some,
    when,
    who,
)
from core.adapters.slack.challenge_card import challenge_card
from core.adapters.slack.contract_card import contract_card
from core.adapters.slack.hand_over_card import hand_over_card
from core.adapters.slack.idea_card import idea_card
from core.domain.alert import Alert
from core.domain.base import Record
from core.domain.challenge import Challenge
from core.domain.contract_change import ContractChange
from core.domain.hand_over import HandOver
from core.domain.idea import Idea
from core.domain.incident import Incident
from core.domain.storm import Storm
from core.domain.timeline import Line

_MOST_HEADLINES: Final = 20
_MOST_CALLED: Final = 10
_MOST_SUMMARY: Final = 1500  # the whole report is in the store; the card is read on a phone


def card_of(subject: Record) -> Card:  # noqa: PLR0911 - one for each kind of subject
    """Draw the message about a record."""
    match subject:
        case Alert():
            return alert_card(subject)
        case Challenge():
            return challenge_card(subject)
        case ContractChange():
            return contract_card(subject)
        case Idea():
            return idea_card(subject)
        case HandOver():
            return hand_over_card(subject)
        case Incident():
            return incident_card(subject)
        case Storm():
            return storm_card(subject)
        case Line():
            return reply(subject)
        case _:
            raise TypeError(f"nobody draws a {subject.kind}")


def incident_card(incident: Incident) -> Card:
    """Draw a filed report: who commands, what happened, what is done about the data; Close."""
    report = incident.report
    state = "" if incident.is_open else "Closed: "
    small = [f"`{incident.id}` · as a document: `/watch report {incident.id}`"]
    if incident.closed_by and incident.closed_at:
        small.append(f"{who(incident.closed_by)} closed it {when(incident.closed_at)}")
    close = button("Close…", CLOSE_INCIDENT, value=incident.id)
    return Card(
        fallback(escape(f"{state}Incident {report.priority}: {report.title}")),
        [
            header(f"Incident: {report.title}"),
            fields(
                [
                    ("Priority", str(report.priority)),
                    ("Commander", who(incident.commander)),
                    ("Model", f"`{incident.model}`"),
                    ("Opened", when(incident.opened_at)),
                ]
            ),
            section(f"*Summary*\n{escape(cut(report.summary, _MOST_SUMMARY))}"),
            section(f"*Impact*\n{escape(cut(report.impact, _MOST_SUMMARY))}"),
            section(f"*Data action*\n{_data_action(incident)}"),
            context(*small),
            *([actions(close)] if incident.is_open else []),
        ],
    )


def _data_action(incident: Incident) -> str:
    outcome = escape(cut(incident.outcome, _MOST_SUMMARY))
    return f"{outcome[:1].upper()}{outcome[1:]}{'.' if outcome == 'still open' else ''}"


def storm_card(storm: Storm) -> Card:
    """Draw many alerts in one message; each gets a card of its own once somebody acts on it."""
    headline = f"{len(storm.alerts)} alerts at once"
    named = [who(person) for person in storm.on_call[:_MOST_CALLED]]
    called = [f"On call: {', '.join(named)}"] if named else []
    lines = [escape(cut(line, 140)) for line in storm.headlines]
    return Card(
        fallback(escape(f"{headline}; the first: {storm.headlines[0]}")),
        [
            header(headline),
            section(some(lines, _MOST_HEADLINES)),
            context(
                "They came faster than they can be read. `/watch queue` has them all.", *called
            ),
        ],
    )


def reply(line: Line) -> Card:
    """Draw a line of a timeline as a reply in a thread."""
    to = f"{who(line.to)}: " if line.to else ""
    return Card(cut(f"{to}{line.who} {escape(line.what)}"), None)
