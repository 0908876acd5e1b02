"""What a person's hands do on the desk, and the proof that it took effect."""

from typing import Any

from core.domain.base import Value
from core.domain.outbox import Post
from core.domain.person import Person
from infra.local.demo.stage import CHANNEL, Stage
from infra.local.slack.records import Message


class NotProved(Exception):
    """A step of the story did not take effect."""


def prove(claim: bool, what: str) -> None:  # noqa: FBT001 - it reads as an assertion
    """Go on if the claim holds.

    Raises:
        NotProved: it does not.
    """
    if not claim:
        raise NotProved(f"This did not take effect: {what}.")


class Hands:
    """Clicks through signed requests, as Slack would send them, and lets the box answer."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def card(self, subject: str) -> Message:
        """Find the message about a subject as it looks now."""
        post = self._stage.ports.records.get(Post, Post.id_of(subject, CHANNEL))
        prove(post is not None, f"a card about {subject} stands in the channel")
        shown = {message.ts: message for message in self._stage.slack.messages(CHANNEL)}
        assert post is not None  # noqa: S101 - proved above
        return shown[post.message.ts]

    def click(self, person: Person, action: str, on: Message, choice: Value | None = None) -> None:
        """Click a button, or choose in a menu, and wait until the cards are drawn again."""
        option = choice.model_dump_json() if choice else None
        answer = self._stage.slack.click(action, user=person.id, message=on, option=option)
        prove(answer.status == 200, f"{action} was answered")  # noqa: PLR2004 - HTTP's OK
        self._stage.step()

    def submit(self, person: Person, values: dict[str, dict[str, Any]]) -> None:
        """Send the form that is open."""
        answer = self._stage.slack.submit(person.id, values)
        prove(answer.status == 200, "the form was answered")  # noqa: PLR2004 - HTTP's OK
        prove(self._stage.slack.view_of(person.id) is None, "the form was accepted and closed")
        self._stage.step()

    def whisper(self, person: Person) -> str:
        """Read the last message that only this person sees."""
        return self._stage.slack.whispers(person.id)[-1].text

    def reads(self, subject: str, words: str) -> None:
        """Prove that the card about a subject says this now."""
        prove(words in str(self.card(subject).blocks), f"the card says {words!r}")
