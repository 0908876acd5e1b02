"""Slack's v0 signature, and how a signed request reaches the app under test."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from slack_sdk.signature import SignatureVerifier

_ANSWER_TIMEOUT_S = 10


@dataclass(frozen=True)
class SignedRequest:
    """What Slack posts to the app."""

    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    """What the app answered."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def is_ok(self) -> bool:
        """Say whether Slack takes it as received."""
        return self.status in range(200, 300)


Deliver = Callable[[SignedRequest], Answer]


def sign(body: str, secret: str, timestamp: int | None = None) -> dict[str, str]:
    """Make the two signature headers; `timestamp` None means the wall clock, as for bolt."""
    stamp = str(int(time.time()) if timestamp is None else timestamp)
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""}


def http_delivery(url: str) -> Deliver:
    """Deliver to an app that listens at this loopback address."""

    def deliver(request: SignedRequest) -> Answer:
        post = Request(url, request.body.encode(), request.headers, method="POST")  # noqa: S310 - a loopback address
        try:
            with urlopen(post, timeout=_ANSWER_TIMEOUT_S) as response:  # noqa: S310 - as above
                return Answer(response.status, dict(response.headers), response.read().decode())
        except HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read().decode())

    return deliver
