"""The Lambda entry of the bot: connects at import, so that a warm call finds all in place."""

from typing import Any

from slack_bolt.adapter.aws_lambda import SlackRequestHandler

from bot.app import build_app
from bot.gate import gated
from core.wiring import connected

_slack = connected()
_app = build_app(_slack.ports, _slack.client, _slack.signing_secret)
_handle = gated(SlackRequestHandler(_app).handle, _slack.signing_secret)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one request of Slack."""
    return _handle(event, context)
