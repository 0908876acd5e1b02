"""When more new alerts wait than a person can read one by one, they become one message."""

from collections.abc import Sequence
from typing import Final

from core.domain.alert import Alert
from core.domain.outbox import OutboxEntry
from core.domain.storm import Storm
from core.ports import Ports, gone, new

_STORM_FROM: Final = 10
_IN_ONE_MESSAGE: Final = 90  # a commit holds 100 writes


def put_together(channel: str, waiting: Sequence[OutboxEntry], ports: Ports) -> bool:
    """Replace the cards of many waiting new alerts by messages that list them; False if few wait.

    An alert in a storm gets a card of its own as soon as somebody does something with it.
    """
    fresh = [entry for entry in waiting if _is_fresh(entry)]
    if len(fresh) < _STORM_FROM:
        return False
    for start in range(0, len(fresh), _IN_ONE_MESSAGE):
        _one_storm(channel, fresh[start : start + _IN_ONE_MESSAGE], ports)
    return True


def _is_fresh(entry: OutboxEntry) -> bool:
    """Say whether it is a new alert whose card cannot stand in the channel yet."""
    return entry.is_first and entry.subject_kind == "alert" and entry.tried_at is None


def _one_storm(channel: str, entries: list[OutboxEntry], ports: Ports) -> None:
    found = (ports.records.get(Alert, entry.subject) for entry in entries)
    alerts = [alert for alert in found if alert is not None]
    storm = Storm.of(channel, [alert.id for alert in alerts], [alert.headline for alert in alerts])
    storm = storm.calling(alert.on_call for alert in alerts)
    card = OutboxEntry.card(storm, channel, entries[0].since)
    ports.records.commit(new(storm), new(card), *(gone(entry) for entry in entries))
