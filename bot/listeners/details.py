"""The Details button of a version's card."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.modals.version_details import version_details
from bot.payloads import Body
from core.adapters.slack.actions import DETAILS
from core.flows.overview import challenge_of
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button; everybody may look."""

    @app.action(DETAILS)
    def on_click(ack: Ack, action: dict[str, Any], body: Body, client: WebClient) -> None:
        ack()
        view = version_details(challenge_of(action["value"], ports))
        client.views_open(trigger_id=body["trigger_id"], view=view)
