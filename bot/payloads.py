"""What listeners take out of Slack's payloads."""

from typing import Any

from core.domain.person import Person

Body = dict[str, Any]


def person(body: Body) -> Person:
    """Say who clicked, typed or sent the form."""
    if "user" in body:
        return Person(id=body["user"]["id"])
    return Person(id=body["user_id"])
