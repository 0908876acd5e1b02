"""Slack as the flows' notifier: draws a record and posts it, or draws it again in place."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from core.adapters.slack.cards import card_of
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

_EVENT_TYPE: Final = "watchkeeper_post"
_LOOKED_THROUGH: Final = 200  # messages since the failed try; a channel of alerts has fewer
_CHANNEL_GONE: Final = {
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "restricted_action",
    "channel_is_limited_access",
}
_NEVER_TAKEN: Final = {
    "invalid_blocks",
    "invalid_arguments",
    "msg_too_long",
    "msg_blocks_too_long",
    "no_text",
}
_MESSAGE_GONE: Final = {"message_not_found", "cant_update_message", "edit_window_closed"}


class SlackNotifier:
    """Posts and redraws through one Slack app."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def post(
        self, subject: Record, *, channel: str, key: str, thread: MessageRef | None
    ) -> MessageRef:
        """See Notifier."""
        text, blocks = card_of(subject)
        with _translated(channel):
            answer = self._client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=blocks,
                thread_ts=thread.ts if thread else None,
                metadata={"event_type": _EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        return MessageRef(channel=channel, ts=str(answer["ts"]))

    def redraw(self, message: MessageRef, subject: Record) -> None:
        """See Notifier."""
        text, blocks = card_of(subject)
        with _translated(message.channel):
            self._client.chat_update(
                channel=message.channel, ts=message.ts, text=text, blocks=blocks or []
            )

    def find(
        self, channel: str, key: str, since: datetime, *, thread: MessageRef | None
    ) -> MessageRef | None:
        """See Notifier."""
        where: dict[str, Any] = {"channel": channel, "oldest": f"{since.timestamp():.6f}"}
        how: dict[str, Any] = {"limit": _LOOKED_THROUGH, "include_all_metadata": True}
        with _translated(channel):
            if thread is None:
                answer = self._client.conversations_history(**where, **how)
            else:
                answer = self._client.conversations_replies(ts=thread.ts, **where, **how)
        messages: list[dict[str, Any]] = answer.get("messages") or []
        for message in messages:
            if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                return MessageRef(channel=channel, ts=message["ts"])
        return None


@contextmanager
def _translated(channel: str) -> Iterator[None]:
    """Turn what slack_sdk raises into our errors."""
    try:
        yield
    except SlackApiError as error:
        status: int = error.response.status_code
        reason = str(error.response.get("error", "")) if status == HTTPStatus.OK else ""
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Throttled(int(error.response.headers.get("Retry-After", 1))) from error
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Uncertain(f"Slack answered {status}.") from error
        if reason in _CHANNEL_GONE:
            raise ChannelGone(channel, reason) from error
        if reason in _MESSAGE_GONE:
            raise MessageGone(f"Slack says {reason} of a message in {channel}.") from error
        if reason in _NEVER_TAKEN:
            raise MessageRefused(f"Slack says {reason} of a message for {channel}.") from error
        raise Unavailable(f"Slack refused a call: {reason or status}.") from error
    except (SlackClientError, OSError) as error:  # a time-out or a cut line
        raise Uncertain("Slack did not answer.") from error
