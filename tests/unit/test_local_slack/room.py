"""A local Slack, the real client and a tiny real app, on a clock that moves when told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.slack.local_slack import Answer, Deliver, LocalSlack, Message, SignedRequest

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECRET, TOKEN = "a signing secret", "xoxb-local"
CHANNEL, PRIVATE = "C0ALERTS", "C0PRIVATE"
ADA, BOB, EVE = "U1", "U2", "U3"


class Clock:
    """Stands still until told to go on."""

    def __init__(self) -> None:
        self.elapsed_s = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.elapsed_s)

    def elapsed(self) -> float:
        return self.elapsed_s

    def go_on(self, seconds: float) -> None:
        self.elapsed_s += seconds


@dataclass
class Room:
    """What a test of the local Slack talks to."""

    slack: LocalSlack
    client: WebClient
    app: App
    clock: Clock
    heard: list[dict[str, Any]] = field(default_factory=list)

    def post(self, text: str = "hello", **more: Any) -> Message:
        """Post to the channel as the bot, a second after the last."""
        self.clock.go_on(1)
        ts = self.client.chat_postMessage(channel=CHANNEL, text=text, **more)["ts"]
        message = self.slack.workspace.find(CHANNEL, ts)
        assert message is not None
        return message

    def open_modal(self, view: dict[str, Any], user: str = ADA) -> dict[str, Any]:
        """Open a modal with a fresh trigger."""
        opened = self.client.views_open(trigger_id=self.trigger(user), view=view)
        return dict(opened["view"])

    def trigger(self, user: str = ADA) -> str:
        """Take a fresh trigger id."""
        return self.slack.workspace.tickets.issue_trigger(user)


@contextmanager
def new_room() -> Iterator[Room]:
    """Build a room with three people, a channel for everyone and a private one without Eve."""
    clock = Clock()
    slack = LocalSlack(SECRET, TOKEN, now=clock.now, elapsed=clock.elapsed)
    slack.add_user(ADA, "Ada Lovelace", handle="ada")
    slack.add_user(BOB, "Bob", handle="bob")
    slack.add_user(EVE, "Eve", handle="eve")
    slack.add_channel(CHANNEL, "ml-alerts")
    slack.add_channel(PRIVATE, "secret", members=[ADA, BOB], is_private=True)
    with slack:
        client = WebClient(TOKEN, base_url=slack.api_url)
        app = App(client=client, signing_secret=SECRET, process_before_response=True)
        slack.connect(in_process(app))
        slack.api.log.clear()
        yield Room(slack, client, app, clock)


def in_process(app: App) -> Deliver:
    """Deliver to an app in this process, through its signature check."""

    def deliver(request: SignedRequest) -> Answer:
        response = app.dispatch(BoltRequest(body=request.body, headers={**request.headers}))
        headers = {name: values[0] for name, values in response.headers.items()}
        return Answer(response.status, headers, response.body)

    return deliver


def error_of(error: SlackApiError) -> str:
    """Read Slack's error code."""
    return str(error.response["error"])


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str = "ack", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Press"), "action_id": action_id, **more}


def option(value: str, text: str = "") -> dict[str, Any]:
    return {"text": plain(text or value), "value": value}


def menu(*values: str, action_id: str = "more", kind: str = "overflow") -> dict[str, Any]:
    return {"type": kind, "action_id": action_id, "options": [option(each) for each in values]}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def field_for(element: dict[str, Any], block_id: str = "why", **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Why"),
        "element": element,
        **more,
    }


def text_input(action_id: str = "text", **more: Any) -> dict[str, Any]:
    return {"type": "plain_text_input", "action_id": action_id, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Resolve"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [section("What happened?")],
        **more,
    }


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}
