"""What is still to be told to Slack, and where what was told stands."""

from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.ids import fact_id
from core.domain.message import MessageRef

SubjectKind = Literal[
    "alert", "challenge", "contract_change", "hand_over", "idea", "incident", "line", "storm"
]


class OutboxEntry(Record):
    """One thing to tell: a card to post, or to draw again if it stands there already.

    The card is drawn from the record as it is when the entry is delivered, so that an older entry
    never brings back an older card.
    """

    kind: ClassVar[str] = "outbox"

    channel: str
    subject_kind: SubjectKind
    subject: str
    under: str | None = None
    """The id of the subject whose message it answers in a thread; `None` for the channel."""
    is_first: bool
    """Whether the subject is new, so that no card of it stands in the channel."""
    only_redraws: bool = False
    """Whether it posts nothing where no card stands: an alert stays in its storm."""
    since: AwareDatetime
    tried_at: AwareDatetime | None = None
    """When Slack last failed in a way that leaves open whether it was posted."""

    @classmethod
    def card(cls, subject: Record, channel: str, at: AwareDatetime) -> Self:
        """Ask for the card of a record that is stored in the same commit."""
        return cls._of(subject, channel, at, under=None)

    @classmethod
    def redraw(cls, subject: Record, channel: str, at: AwareDatetime) -> Self:
        """Ask for a card to be drawn again if it stands: nothing happened that people must see."""
        return cls.card(subject, channel, at).model_copy(update={"only_redraws": True})

    @classmethod
    def reply(cls, line: Record, under: Record, channel: str, at: AwareDatetime) -> Self:
        """Ask for a line in the thread under the card of a record."""
        return cls._of(line, channel, at, under=under.id)

    @classmethod
    def afresh(cls, subject: Record, channel: str, at: AwareDatetime, *, is_first: bool) -> Self:
        """Ask for the card of a record that is told in another channel from now on."""
        card = cls._of(subject, channel, at, under=None)
        return card.model_copy(update={"id": fact_id("out", card.id), "is_first": is_first})

    @classmethod
    def _of(cls, subject: Record, channel: str, at: AwareDatetime, under: str | None) -> Self:
        return cls.model_validate(
            {
                "id": fact_id("out", subject.kind, subject.id, subject.revision, channel),
                "channel": channel,
                "subject_kind": subject.kind,
                "subject": subject.id,
                "under": under,
                "is_first": subject.revision == 0,
                "since": at,
            }
        )

    @property
    def listing(self) -> str:
        """What waits for one channel."""
        return f"outbox:{self.channel}"

    @property
    def place(self) -> str:
        """First come, first told; a card before the replies under it."""
        return f"{self.since.isoformat()} {'0' if self.under is None else '1'} {self.id}"

    @property
    def post_id(self) -> str:
        """Which message this is about."""
        return Post.id_of(self.subject, self.channel)

    def moved_to(self, channel: str) -> Self:
        """Tell the same in another channel."""
        update = {"id": fact_id("out", self.id, channel), "channel": channel, "tried_at": None}
        return self.model_copy(update={**update, "revision": 0})

    def tried(self, at: AwareDatetime) -> Self:
        """Remember that it may have been posted."""
        return self.model_copy(update={"tried_at": at})


class Post(Record):
    """One message in Slack and where it stands."""

    kind: ClassVar[str] = "post"

    message: MessageRef

    @classmethod
    def id_of(cls, subject: str, channel: str) -> str:
        """Name the one message about a subject in a channel."""
        return fact_id("pst", subject, channel)

    def moved_to(self, message: MessageRef) -> Self:
        """Remember the message that took the place of a deleted one."""
        return self.model_copy(update={"message": message})


class Channel(Record):
    """What we know of a Slack channel's health; its id is the channel's."""

    kind: ClassVar[str] = "channel"

    failing_since: AwareDatetime | None = None
    """`None` while messages arrive."""
    reason: str | None = None
    second_route_told: bool = False

    @property
    def listing(self) -> str:
        """All channels we post to."""
        return "channels"

    def failing(self, reason: str, at: AwareDatetime) -> Self:
        """Remember that messages do not arrive, and since when."""
        return self.model_copy(update={"failing_since": self.failing_since or at, "reason": reason})

    def told_elsewhere(self) -> Self:
        """Remember that the second route was told."""
        return self.model_copy(update={"second_route_told": True})

    def well(self) -> Self:
        """Messages arrive again."""
        return self.model_copy(
            update={"failing_since": None, "reason": None, "second_route_told": False}
        )
