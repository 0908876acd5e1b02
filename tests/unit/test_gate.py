import base64
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate import gated
from infra.local.front_door import function_url_event
from infra.local.slack.signing import SignedRequest, sign

SECRET = "a signing secret"  # noqa: S105 - opens nothing
BODY = "command=%2Fwatch&text=wetter%20sch%C3%B6n"


def event(body: str = BODY, secret: str = SECRET, **headers: str) -> dict[str, Any]:
    return function_url_event(SignedRequest(sign(body, secret, int(time.time())) | headers, body))


def status(asked: dict[str, Any]) -> int:
    """Ask at the gate; whoever is let in is answered 204."""
    answer = gated(lambda *_: {"statusCode": 204}, SECRET)(asked, None)
    return int(answer["statusCode"])


def test_what_slack_signed_is_let_in() -> None:
    assert status(event()) == 204


def test_a_signed_body_in_base64_is_let_in() -> None:
    coded = base64.b64encode(BODY.encode()).decode()

    assert status(event() | {"body": coded, "isBase64Encoded": True}) == 204


@pytest.mark.parametrize("timestamp", ["", "abc", "1.5", "9" * 5000, "-1", "\u0661", "1e9", "0"])
def test_a_moment_that_is_none_is_refused(timestamp: str) -> None:
    assert status(event(**{"X-Slack-Request-Timestamp": timestamp})) == 401


@pytest.mark.parametrize("signature", ["", "v0=", "v0=\u00e9", "v1=00", "\x00"])
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    assert status(event(**{"X-Slack-Signature": signature})) == 401


@pytest.mark.parametrize(
    "odd",
    [
        {"body": "payload=%7B"},
        {"body": "[1]"},
        {"body": None},
        {"body": "%%%\u00e9", "isBase64Encoded": True},
        {"body": "/////w==", "isBase64Encoded": True},
        {"headers": None},
        {"headers": {}},
    ],
)
def test_nonsense_of_strangers_is_refused_and_is_no_error(odd: dict[str, Any]) -> None:
    assert status(event() | odd) == 401


@given(st.text(), st.dictionaries(st.text(), st.text()), st.booleans())
def test_whatever_a_stranger_sends_is_refused(
    body: str,
    headers: dict[str, str],
    is_coded: bool,  # noqa: FBT001 - hypothesis hands it over
) -> None:
    asked = {"body": body, "headers": headers, "isBase64Encoded": is_coded}

    assert status(asked) in {200, 401}
    assert status(asked) == 401 or "ssl_check=1" in body


def test_slacks_look_at_the_certificate_is_answered() -> None:
    assert status(event(body="ssl_check=1&token=x", secret="none")) == 200  # noqa: S106 - opens nothing
