"""Tell Slack what waits for one channel: in order, one message a second, never an older card."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from core.domain.base import Record
from core.domain.errors import (
    ChannelGone,
    MessageGone,
    MessageRefused,
    Throttled,
    Unavailable,
    Uncertain,
)
from core.domain.message import MessageRef
from core.domain.outbox import OutboxEntry, Post
from core.domain.subject import SUBJECTS
from core.flows.channel_health import arrived, not_arrived
from core.flows.move_on import move_on
from core.flows.prospects import as_it_stands
from core.flows.storms import put_together
from core.ports import Ports, Write, changed, gone, new

_LOOKED_AT: Final = 1000  # enough to see that a storm is coming
_AT_ONCE: Final = 100  # what a function can tell before its time is over
_SECONDS_BETWEEN_MESSAGES: Final = 1  # Slack promises no more for one channel
_MOST_OF_ONE: Final = 90  # entries about one message: a commit holds 100 writes
_PATIENCE_S: Final = 30
_CLOCKS_DIFFER_BY: Final = timedelta(minutes=2)  # Slack's clock stamps the messages we look for


def deliver(channel: str, ports: Ports) -> int:
    """Tell what waits, oldest first, and return how many messages were posted or redrawn.

    An entry is deleted in the commit that writes down where its message stands. When Slack fails,
    the entry and all behind it stay, in order, for the retry and for the sweep.

    Raises:
        Unavailable: Slack failed, or asks to wait for longer than a function should.
    """
    waiting = _waiting(channel, ports)
    if put_together(channel, waiting, ports):
        waiting = _waiting(channel, ports)
    told = 0
    try:
        for entries in _by_message(waiting[:_AT_ONCE]):
            if told:
                ports.sleep(_SECONDS_BETWEEN_MESSAGES)
            told += _tell_patiently(entries, ports)
    except ChannelGone as error:  # trying again is useless until a person mends channel or config
        if not move_on(_waiting(channel, ports), ports):
            not_arrived(channel, error.reason, ports)
        return told
    except Unavailable as error:
        not_arrived(channel, str(error), ports)
        raise
    arrived(channel, ports)
    return told


def _waiting(channel: str, ports: Ports) -> list[OutboxEntry]:
    return ports.records.query(OutboxEntry, f"outbox:{channel}", limit=_LOOKED_AT)


def _by_message(waiting: Iterable[OutboxEntry]) -> Iterator[list[OutboxEntry]]:
    """Put the entries of one message together: it is drawn once, as it is now."""
    of_message: dict[str, list[OutboxEntry]] = {}
    for entry in waiting:
        of_message.setdefault(entry.post_id, []).append(entry)
    yield from of_message.values()


def _tell_patiently(entries: list[OutboxEntry], ports: Ports) -> bool:
    try:
        return _tell(entries, ports)
    except Throttled as throttled:
        if throttled.retry_after_s > _PATIENCE_S:
            raise
        ports.sleep(throttled.retry_after_s)
        return _tell(entries, ports)


def _tell(listed: list[OutboxEntry], ports: Ports) -> bool:
    """Post or redraw one message; False when there was nothing to tell."""
    entries = _still_there(listed, ports)
    if not entries:
        return False
    entry, done = entries[0], [gone(entry) for entry in entries]
    subject = ports.records.get(SUBJECTS[entry.subject_kind], entry.subject)
    post = ports.records.get(Post, entry.post_id)
    has_nothing_to_redraw = post is None and all(entry.only_redraws for entry in entries)
    if subject is None or has_nothing_to_redraw:
        ports.records.commit(*done)
        return False
    try:
        _show(entry, as_it_stands(subject, ports), post, done, ports)
    except MessageRefused as refused:  # a mistake of ours: it must not hold up those behind it
        ports.second_route.tell("Watchkeeper drew a message that Slack refuses", str(refused))
        ports.records.commit(*done)
    return True


def _show(
    entry: OutboxEntry, subject: Record, post: Post | None, done: list[Write], ports: Ports
) -> None:
    if post is None:
        stands = Post(id=entry.post_id, message=_post(entry, subject, ports))
        ports.records.commit(new(stands), *done)
        return
    try:
        ports.notifier.redraw(post.message, subject)
    except MessageGone:
        moved = post.moved_to(_post(entry, subject, ports))
        ports.records.commit(changed(moved), *done)
    else:
        ports.records.commit(*done)


def _still_there(listed: list[OutboxEntry], ports: Ports) -> list[OutboxEntry]:
    """Leave out what an earlier delivery has told: a listing may lag (decision 11)."""
    stored = (ports.records.get(OutboxEntry, entry.id) for entry in listed[:_MOST_OF_ONE])
    return [entry for entry in stored if entry is not None]


def _post(entry: OutboxEntry, subject: Record, ports: Ports) -> MessageRef:
    """Post a message, unless an earlier try that seemed to fail did post it."""
    thread = _thread(entry, ports)
    if entry.tried_at is not None:
        since = entry.tried_at - _CLOCKS_DIFFER_BY
        posted = ports.notifier.find(entry.channel, entry.post_id, since, thread=thread)
        if posted is not None:
            return posted
    try:
        return ports.notifier.post(subject, channel=entry.channel, key=entry.post_id, thread=thread)
    except Uncertain:
        ports.records.commit(changed(entry.tried(ports.now())))
        raise


def _thread(entry: OutboxEntry, ports: Ports) -> MessageRef | None:
    if entry.under is None:
        return None
    above = ports.records.get(Post, Post.id_of(entry.under, entry.channel))
    return above.message if above else None
