"""What a flow commits so that Slack hears of it, and how the delivery is woken (decision 1)."""

from contextlib import suppress

from core.domain.base import Record
from core.domain.errors import Unavailable
from core.domain.job import Job
from core.domain.outbox import OutboxEntry
from core.domain.person import Person
from core.domain.timeline import Line
from core.ports import Ports, Write, new


def told(subject: Record, channel: str, by: Person, what: str, ports: Ports) -> list[Write]:
    """Return the writes that draw a subject's card again and say in its thread what happened.

    Args:
        subject: the record as it is committed together with these writes.
        channel: where its card stands.
        by: who did it.
        what: the timeline's clause, `acknowledged`.
        ports: the outside world.
    """
    at = ports.now()
    line = Line.of(subject, by, what, at)
    return [
        new(line),
        new(OutboxEntry.card(subject, channel, at)),
        new(OutboxEntry.reply(line, subject, channel, at)),
    ]


def announced(subject: Record, channel: str, by: Person, what: str, ports: Ports) -> list[Write]:
    """Return the writes that post a new subject's card; the card itself says what happened."""
    at = ports.now()
    return [
        new(Line.of(subject, by, what, at)),
        new(OutboxEntry.card(subject, channel, at)),
    ]


def wake(subject: Record, channel: str, ports: Ports) -> None:
    """Wake the delivery, after the commit; if this is lost, the sweep delivers within a minute."""
    with suppress(Unavailable):
        ports.jobs.start(Job.deliver(channel, f"{subject.id} {subject.revision}"))
