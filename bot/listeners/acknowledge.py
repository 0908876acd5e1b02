"""The Acknowledge button of an alert card, and the menu of the queue."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.modals.screens import home_view
from bot.payloads import Body, person
from core.adapters.slack.actions import ACKNOWLEDGE, TAKE
from core.domain.ids import AlertId
from core.flows.acknowledge import acknowledge
from core.flows.overview import overview
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for people who take an alert."""

    @app.action(ACKNOWLEDGE)
    def on_click(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        acknowledge(AlertId(action["value"]), person(body), ports)

    @app.action(TAKE)
    def on_choice(ack: Ack, action: dict[str, Any], body: Body, client: WebClient) -> None:
        ack()
        by = person(body)
        acknowledge(AlertId(action["selected_option"]["value"]), by, ports)
        if "view" in body:  # the App Home: nothing else draws it again
            client.views_publish(user_id=by.id, view=home_view(overview(ports)))
