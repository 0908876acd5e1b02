"""The Fewer like this button of an alert card."""

from typing import Any

from slack_bolt import Ack, App

from bot.payloads import Body, person
from core.adapters.slack.actions import QUIETEN
from core.domain.ids import AlertId
from core.flows.quieten import quieten
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button."""

    @app.action(QUIETEN)
    def on_click(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        quieten(AlertId(action["value"]), person(body), ports)
