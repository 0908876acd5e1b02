"""The Promote button of a challenger's card."""

from typing import Any

from slack_bolt import Ack, App

from bot.payloads import Body, person
from core.adapters.slack.actions import PROMOTE, PointerMove
from core.flows.promote import promote
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button."""

    @app.action(PROMOTE)
    def on_click(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        move = PointerMove.model_validate_json(action["value"])
        promote(move.model, move.version, seen_champion=move.champion, by=person(body), ports=ports)
