"""The Keep the old rule button of a card about a contract."""

from typing import Any

from slack_bolt import Ack, App

from bot.payloads import Body, person
from core.adapters.slack.actions import KEEP_CONTRACT
from core.flows.keep_contract import keep_contract
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button."""

    @app.action(KEEP_CONTRACT)
    def on_click(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        keep_contract(action["value"], person(body), ports)
