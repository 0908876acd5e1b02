"""The Lambda entry of the bot: connects at import, so that a warm call finds all in place."""

from typing import Any

from core.wiring import connected
from slack_bolt.adapter.aws_lambda import SlackRequestHandler

from bot.app import build_app

_slack = connected()
_requests = SlackRequestHandler(app=build_app(_slack.ports, _slack.client, _slack.signing_secret))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one request of Slack."""
    answer: dict[str, Any] = _requests.handle(event, context)
    return answer
