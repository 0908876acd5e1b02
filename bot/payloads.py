"""What listeners take out of Slack's payloads."""

from typing import Any

from core.domain.person import Person

Body = dict[str, Any]


def person(body: Body) -> Person:
    """Say who clicked, typed or sent the form."""
    name = body["user"]["id"] if "user" in body else body["user_id"]
    if not name.startswith(("U", "W")):  # nobody in Slack can be the machine
        raise ValueError("this is no user of Slack")
    return Person(id=name)
