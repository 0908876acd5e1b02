"""How a request of Slack reaches the bot without AWS: as the event of its function URL."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.aws_lambda import SlackRequestHandler

from infra.local.slack.signing import Answer, SignedRequest


@dataclass(frozen=True)
class CallContext:
    """What the Lambda runtime hands to a handler beside the event."""

    function_name: str
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 1769
    aws_request_id: str = "one-box"

    @property
    def invoked_function_arn(self) -> str:
        """The name by which the function was called."""
        return f"arn:aws:lambda:local:000000000000:function:{self.function_name}"


def function_url_event(request: SignedRequest) -> dict[str, Any]:
    """Return the event that a function URL makes of a request."""
    return {
        "version": "2.0",
        "rawPath": "/slack/events",
        "rawQueryString": "",
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "requestContext": {"http": {"method": "POST", "path": "/slack/events"}},
        "body": request.body,
        "isBase64Encoded": False,
    }


def front_door(app: App) -> Callable[[SignedRequest], Answer]:
    """Return what hands a signed request to the app and brings back its answer."""
    return lambda request: answer_event(app, function_url_event(request))


def answer_event(app: App, event: dict[str, Any]) -> Answer:
    """Let the app answer the event of a function URL."""
    handle: Callable[..., dict[str, Any]] = SlackRequestHandler(app).handle
    answer = handle(event, CallContext("bot"))
    headers = {name: str(value) for name, value in (answer.get("headers") or {}).items()}
    return Answer(answer["statusCode"], headers, answer.get("body") or "")
