"""A payload on its way to the app, before anybody decided how it travels."""

from dataclasses import dataclass
from typing import Literal

from infra.local.slack.records import Json

Kind = Literal["slash_commands", "interactive", "events_api"]  # Socket Mode's names for them

ACK_WITHIN_S = 3


@dataclass(frozen=True)
class Envelope:
    """A payload and the door that it goes through; `retry` counts deliveries after the first."""

    kind: Kind
    payload: Json
    retry: int = 0
