"""Who may come in: what Slack has not signed is refused before anything of it is read."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier

Event = dict[str, Any]
Handle = Callable[[Event, object], dict[str, Any]]

_REFUSED: Final = {"statusCode": 401, "headers": {"content-type": "text/plain"}, "body": "refused"}
_ALIVE: Final = {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": ""}


def gated(handle: Handle, signing_secret: str) -> Handle:
    """Hand only signed requests on, so that no stranger's nonsense is an error of ours.

    The address is public: bolt reads a body before it looks at the signature, and what it cannot
    read would count as a failure of the bot and wake somebody.
    """
    verifier = SignatureVerifier(signing_secret)

    def answer(event: Event, context: object) -> dict[str, Any]:
        try:
            body = _body(event)
            is_signed = verifier.is_valid_request(body, _headers(event))
        except (ValueError, TypeError, OverflowError):  # no base64, no text, no number, no ASCII
            return _REFUSED
        if is_signed:
            return handle(event, context)
        return _ALIVE if parse_qs(body).get("ssl_check") == ["1"] else _REFUSED

    return answer


def _body(event: Event) -> str:
    body: str = event.get("body") or ""
    return b64decode(body, validate=True).decode() if event.get("isBase64Encoded") else body


def _headers(event: Event) -> dict[str, str]:
    return dict(event.get("headers") or {})
