"""What Slack hands out for a short time: trigger ids and response urls."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.local.slack.records import ApiError

TRIGGER_LIFE_S = 3
RESPONSE_URL_LIFE_S = 30 * 60
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """The right to open one modal for one person."""

    user: str
    issued_s: float
    is_spent: bool = False


@dataclass
class ResponseUrl:
    """The right to answer an interaction; `message_ts` None: it did not begin in a message."""

    user: str
    channel: str
    issued_s: float
    message_ts: str | None = None
    uses: int = 0


class Tickets:
    """Issues both kinds and refuses what is late or used up."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._triggers: dict[str, Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}

    def issue_trigger(self, user: str) -> str:
        """Make a trigger id for this person."""
        trigger_id = f"{len(self._triggers) + 1}.local.{user}"
        self._triggers[trigger_id] = Trigger(user, self._elapsed())
        return trigger_id

    def spend_trigger(self, trigger_id: str) -> str:
        """Take the trigger, once, and say whose it is.

        Raises:
            ApiError: it is unknown, older than three seconds, or was used before.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if self._elapsed() - trigger.issued_s > TRIGGER_LIFE_S:
            raise ApiError("expired_trigger_id")
        if trigger.is_spent:
            raise ApiError("exchanged_trigger_id")
        trigger.is_spent = True
        return trigger.user

    def issue_response_url(self, user: str, channel: str, message_ts: str | None) -> str:
        """Make the last part of a response url."""
        name = f"R{len(self._response_urls) + 1}"
        self._response_urls[name] = ResponseUrl(user, channel, self._elapsed(), message_ts)
        return name

    def use_response_url(self, name: str) -> ResponseUrl:
        """Take one of its five uses.

        Raises:
            ApiError: it is unknown, older than half an hour, or used five times.
        """
        ticket = self._response_urls.get(name)
        if ticket is None:
            raise ApiError("invalid_url")
        if self._elapsed() - ticket.issued_s > RESPONSE_URL_LIFE_S:
            raise ApiError("expired_url")
        if ticket.uses == RESPONSE_URL_USES:
            raise ApiError("used_url")
        ticket.uses += 1
        return ticket
