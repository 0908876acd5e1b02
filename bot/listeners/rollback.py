"""The Roll back button: of the champion's card, and of an alert about it."""

from typing import Any

from slack_bolt import Ack, App

from bot.payloads import Body, person
from core.adapters.slack.actions import ROLL_BACK, PointerMove
from core.flows.rollback import rollback
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button."""

    @app.action(ROLL_BACK)
    def on_click(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        move = PointerMove.model_validate_json(action["value"])
        rollback(move.model, seen_champion=move.champion, by=person(body), ports=ports)
