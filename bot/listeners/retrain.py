"""The Retrain button of an alert about natural drift."""

from typing import Any

from slack_bolt import Ack, App

from bot.payloads import Body, person
from core.adapters.slack.actions import RETRAIN
from core.flows.ask_retrain import ask_retrain_for
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button."""

    @app.action(RETRAIN)
    def on_click(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        ask_retrain_for(action["value"], person(body), ports)
