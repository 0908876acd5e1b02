"""The Kill button of a challenger's card."""

from typing import Any

from slack_bolt import Ack, App

from bot.payloads import Body, person
from core.adapters.slack.actions import KILL, PointerMove
from core.flows.kill import kill
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button."""

    @app.action(KILL)
    def on_click(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        move = PointerMove.model_validate_json(action["value"])
        kill(move.model, move.version, person(body), ports)
