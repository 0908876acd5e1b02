"""The Accept button of a card about a contract."""

from typing import Any

from slack_bolt import Ack, App

from bot.payloads import Body, person
from core.adapters.slack.actions import ACCEPT_CONTRACT
from core.flows.accept_contract import accept_contract
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button."""

    @app.action(ACCEPT_CONTRACT)
    def on_click(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        accept_contract(action["value"], person(body), ports)
