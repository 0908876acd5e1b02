"""When a channel is gone: what waits there moves to the channel that its model's config names."""

from collections.abc import Sequence
from typing import Final

from core.domain.alert import Alert
from core.domain.challenge import Challenge
from core.domain.contract_change import ContractChange
from core.domain.hand_over import HandOver
from core.domain.idea import Idea
from core.domain.incident import Incident
from core.domain.model_config import InForce
from core.domain.outbox import OutboxEntry
from core.domain.storm import Storm
from core.domain.timeline import Line
from core.ports import Ports, changed, gone, new

_MOST_OF_ONE: Final = 45  # entries about one card: each is two writes, and a commit holds 100

Carded = Alert | Challenge | ContractChange | HandOver | Idea | Incident


def move_on(waiting: Sequence[OutboxEntry], ports: Ports) -> bool:
    """Move what can be moved, each card with the replies under it; False if something must stay.

    A card is drawn afresh where it moves to, and all that happens to it from now on is told there.
    What somebody is changing at this moment stays for the next try. The sweep delivers.
    """
    of_card: dict[str, list[OutboxEntry]] = {}
    for entry in waiting:
        of_card.setdefault(entry.under or entry.subject, []).append(entry)
    have_moved = [_move(card, entries, ports) for card, entries in of_card.items()]
    return all(have_moved)


def _move(card: str, entries: list[OutboxEntry], ports: Ports) -> bool:
    storm = ports.records.get(Storm, card)
    if storm is not None:
        return _disperse(storm, entries, ports)
    line = ports.records.get(Line, card)
    if line is not None:
        return _move_line(line, entries, ports)
    subject = _subject(card, ports)
    return subject is not None and _move_card(subject, entries[:_MOST_OF_ONE], ports)


def _disperse(storm: Storm, entries: list[OutboxEntry], ports: Ports) -> bool:
    """Give each alert of a storm a card of its own again: its models may part ways."""
    found = (ports.records.get(Alert, alert) for alert in storm.alerts)
    alerts = [alert for alert in found if alert is not None]
    if all(_channel(alert, ports) == storm.channel for alert in alerts):
        return False
    for alert in alerts:
        there = _channel(alert, ports)
        card = OutboxEntry.afresh(alert, there, entries[0].since, is_first=True)
        # Refused when it was done by an earlier try, or when the alert gets a card for other news.
        ports.records.commit(changed(alert.told_in(there)), new(card))
    return ports.records.commit(*(gone(entry) for entry in entries))


def _move_card(subject: Carded, entries: list[OutboxEntry], ports: Ports) -> bool:
    there = _channel(subject, ports)
    if there == entries[0].channel:
        return False
    is_first = any(entry.is_first and entry.under is None for entry in entries)
    return ports.records.commit(
        changed(subject.told_in(there)),
        new(OutboxEntry.afresh(subject, there, entries[0].since, is_first=is_first)),
        *(new(entry.moved_to(there)) for entry in entries if entry.under is not None),
        *(gone(entry) for entry in entries),
    )


def _move_line(line: Line, entries: list[OutboxEntry], ports: Ports) -> bool:
    """Move an answer that stands by itself to where its model is told of."""
    about = _subject(line.subject, ports)
    in_force = ports.records.get(InForce, about.model if about else line.subject)
    there = in_force.config.channel if in_force else entries[0].channel
    if there == entries[0].channel:
        return False
    moved = (new(entry.moved_to(there)) for entry in entries)
    return ports.records.commit(*moved, *(gone(entry) for entry in entries))


def _subject(card: str, ports: Ports) -> Carded | None:
    kinds: tuple[type[Carded], ...] = (Alert, Challenge, ContractChange, HandOver, Idea, Incident)
    found = (ports.records.get(kind, card) for kind in kinds)
    return next((subject for subject in found if subject is not None), None)


def _channel(subject: Carded, ports: Ports) -> str:
    in_force = ports.records.get(InForce, subject.model)
    return in_force.config.channel if in_force else subject.channel
