"""What the flows ask of the outside world; adapters answer. No vendor is named here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Protocol, TypeVar

from core.domain.base import Record, Value
from core.domain.job import Job, Schedule
from core.domain.message import MessageRef
from core.domain.person_name import Profile

R = TypeVar("R", bound=Record)
V = TypeVar("V", bound=Value)


class Condition(Enum):
    """What must hold of the stored record for a write to happen."""

    ABSENT = "absent"
    SAME_REVISION = "same revision"


class Action(Enum):
    """What a write does when its condition holds."""

    PUT = "put"
    DELETE = "delete"


@dataclass(frozen=True)
class Write:
    """One conditional write of a commit."""

    record: Record
    condition: Condition
    action: Action


def new(record: Record) -> Write:
    """Store a record whose id is not stored yet."""
    return Write(record, Condition.ABSENT, Action.PUT)


def changed(record: Record) -> Write:
    """Store a record in place of the revision it was made from."""
    return Write(record, Condition.SAME_REVISION, Action.PUT)


def gone(record: Record) -> Write:
    """Delete a record that nobody changed meanwhile."""
    return Write(record, Condition.SAME_REVISION, Action.DELETE)


class Records(Protocol):
    """Where records are kept."""

    def get(self, kind: type[R], record_id: str) -> R | None:
        """Read one record as it is after every finished commit; `None` if it is not there."""
        ...

    def query(
        self,
        kind: type[R],
        listing: str,
        *,
        after: str | None = None,
        newest_first: bool = False,
        limit: int = 100,
    ) -> list[R]:
        """Read the records of a listing in the order of their places, or in the reverse order.

        A listing may lag behind a commit by a second or two; no flow may rely on finding there
        what it has just written.

        Args:
            kind: which records.
            listing: the listing they stand in.
            after: only those whose place comes after this one, in the order of reading.
            newest_first: read from the last place to the first.
            limit: how many at the most, >= 1.
        """
        ...

    def commit(self, *writes: Write) -> bool:
        """Do all the writes, or none and return False because a condition did not hold.

        At most 100 writes, each of another record. A stored record's revision is one higher than
        that of the record it was made from.

        Raises:
            Unavailable: the store did not answer, or gave up; nothing or everything is written.
        """
        ...


@dataclass(frozen=True)
class ObjectInfo:
    """One stored object, as a listing shows it."""

    key: str
    size_bytes: int
    etag: str
    """Changes whenever the object's bytes change."""
    modified_at: datetime
    """When its bytes were written, in UTC by the store's clock."""


class Objects(Protocol):
    """Where bytes are kept, each under its key: letters, digits, blanks and `_.=+,@:()-/`."""

    def put(self, key: str, body: bytes) -> None:
        """Store bytes, in place of what was there."""
        ...

    def put_new(self, key: str, body: bytes) -> bool:
        """Store bytes once; False, and nothing changed, if the key is taken."""
        ...

    def get(self, key: str) -> bytes:
        """Read an object.

        Raises:
            NotThere: no object has this key.
        """
        ...

    def list(self, prefix: str, *, after: str | None = None) -> Iterator[ObjectInfo]:
        """List the objects whose key begins with `prefix`, by key, those after `after` only.

        What others wrote under a name that is no key is passed over.
        """
        ...

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """Lend the object as a file that must not be written to.

        Raises:
            NotThere: no object has this key.
        """
        ...


class Arrivals(Protocol):
    """What starts the work of objects that land."""

    def watch(self, prefixes: Iterable[str]) -> None:
        """See to it that whatever lands in these places from now on starts its work.

        What lies there already is history and starts nothing until it is rewritten. A place that
        is watched already stays as it is.
        """
        ...


class Jobs(Protocol):
    """Asynchronous calls of functions."""

    def start(self, job: Job) -> None:
        """Accept a job; it runs at least once, soon."""
        ...


class Fan(Protocol):
    """The same work on many things, beside each other."""

    def out(self, work: Callable[[V], None], things: Sequence[V], again: Job) -> bool:
        """Do the work on each thing, in any order; who is interrupted may do some of it twice.

        Args:
            work: what is done; other processes know it by its name.
            things: on what, at least one.
            again: the job that asks for it; those with the same id may share their work.

        Returns:
            True when all of it is done; False when it is being done elsewhere: `again` runs when
            that has ended.

        Raises:
            Unavailable: a process ended in the middle, or it cannot be started elsewhere.
        """
        ...


class Schedules(Protocol):
    """Recurring jobs."""

    def put(self, schedule: Schedule) -> None:
        """Store a schedule under its name, in place of an earlier one."""
        ...

    def remove(self, name: str) -> None:
        """Forget a schedule; nothing happens if it is not there."""
        ...

    def names(self, prefix: str) -> list[str]:
        """Name the stored schedules that begin with `prefix`, sorted."""
        ...


class Notifier(Protocol):
    """Slack, as far as flows know it."""

    def post(
        self, subject: Record, *, channel: str, key: str, thread: MessageRef | None
    ) -> MessageRef:
        """Draw a record and post it; `key` stands in the message's metadata.

        Raises:
            Throttled: Slack asks to wait.
            Uncertain: Slack failed and may or may not have posted it; `find` tells.
            Unavailable: Slack failed and did not post it.
            ChannelGone: nobody can post to the channel.
            MessageRefused: Slack will never take it as it is drawn.
        """
        ...

    def redraw(self, message: MessageRef, subject: Record) -> None:
        """Draw a record again in place of its message.

        Raises:
            MessageGone: the message was deleted or can no longer be edited.
            Throttled, Uncertain, Unavailable, ChannelGone: as `post` does.
        """
        ...

    def find(
        self, channel: str, key: str, since: datetime, *, thread: MessageRef | None
    ) -> MessageRef | None:
        """Find the message with this key among those posted since then, there or in a thread."""
        ...


class SecondRoute(Protocol):
    """How people are reached while Slack is not."""

    def tell(self, headline: str, text: str) -> None:
        """Tell whoever watches this route."""
        ...


class People(Protocol):
    """Who is who in Slack; flows read the cached answers (`core.flows.refresh_people`)."""

    def members(self, group: str) -> frozenset[str]:
        """Ask Slack who is in a user group."""
        ...

    def profile(self, person: str) -> Profile | None:
        """Ask Slack who a person is; `None` if it knows nobody of this id."""
        ...


class Signer(Protocol):
    """Seals what we wrote, so that what is read back is known to be ours."""

    def sign(self, content: bytes) -> str:
        """Return the seal of these bytes."""
        ...

    def verify(self, content: bytes, seal: str) -> bool:
        """Say whether the seal belongs to these bytes."""
        ...


@dataclass(frozen=True)
class Ports:
    """Everything a flow may need of the outside world."""

    records: Records
    objects: Objects
    arrivals: Arrivals
    jobs: Jobs
    fan: Fan
    schedules: Schedules
    notifier: Notifier
    second_route: SecondRoute
    people: People
    signer: Signer
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    random_bits: Callable[[int], int]
