"""Carries what people do to the app under test: signed over HTTP, or through a socket."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from infra.local.slack.envelope import ACK_WITHIN_S, Envelope
from infra.local.slack.signing import Answer, Deliver, SignedRequest, sign
from infra.local.slack.socket_mode import SocketMode


@dataclass(frozen=True)
class Trouble:
    """What a person saw instead of an answer."""

    user: str
    did: str
    why: str


class Carrier:
    """Delivers envelopes and notes where the app failed the person who waits."""

    def __init__(self, secret: str, elapsed: Callable[[], float], sockets: SocketMode) -> None:
        self.troubles: list[Trouble] = []
        self.sent: list[SignedRequest] = []
        self._secret = secret
        self._elapsed = elapsed
        self._deliver: Deliver | None = None
        self._sockets = sockets
        self._envelope_numbers = count(1)

    def connect(self, deliver: Deliver) -> None:
        """Send signed requests to this app from now on."""
        self._deliver = deliver

    def carry(self, envelope: Envelope, user: str, did: str) -> Answer:
        """Deliver one envelope and say what the app answered."""
        started_s = self._elapsed()
        answer = self._send(envelope)
        if self._elapsed() - started_s > ACK_WITHIN_S:
            self.troubles.append(Trouble(user, did, "operation_timeout"))
        elif not answer.is_ok:
            self.troubles.append(Trouble(user, did, f"http_status_{answer.status}"))
        return answer

    def post(self, request: SignedRequest) -> Answer:
        """Deliver a request as it is: forged, stale, or one that was sent before."""
        if self._deliver is None:
            raise RuntimeError("no app is connected: call connect(deliver) first")
        self.sent.append(request)
        return self._deliver(request)

    def _send(self, envelope: Envelope) -> Answer:
        if self._sockets.is_open:
            return self._sockets.send(envelope, f"E{next(self._envelope_numbers)}")
        return self.post(signed(envelope, self._secret))


def signed(envelope: Envelope, secret: str) -> SignedRequest:
    """Write the envelope as the HTTP request that Slack would make of it, signed now."""
    content_type = "application/x-www-form-urlencoded"
    if envelope.kind == "slash_commands":
        body = urlencode(envelope.payload)
    elif envelope.kind == "interactive":
        body = urlencode({"payload": json.dumps(envelope.payload)})
    else:
        body, content_type = json.dumps(envelope.payload), "application/json"
    headers = {"Content-Type": content_type, **sign(body, secret)}
    if envelope.retry:
        headers |= {"X-Slack-Retry-Num": str(envelope.retry), "X-Slack-Retry-Reason": "http_error"}
    return SignedRequest(headers, body)
