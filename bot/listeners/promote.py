"""The buttons of a challenger's card that make it the champion."""

from typing import Any

from slack_bolt import Ack, App

from bot.payloads import Body, person
from core.adapters.slack.actions import APPROVE_EXCEPTION, PROMOTE, PointerMove
from core.flows.promote import approve_exception, promote
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for Promote, and for the approval of an exception."""

    @app.action(PROMOTE)
    def on_promote(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        move = PointerMove.model_validate_json(action["value"])
        promote(move.model, move.version, seen_champion=move.champion, by=person(body), ports=ports)

    @app.action(APPROVE_EXCEPTION)
    def on_approve(ack: Ack, action: dict[str, Any], body: Body) -> None:
        ack()
        move = PointerMove.model_validate_json(action["value"])
        approve_exception(
            move.model, move.version, seen_champion=move.champion, by=person(body), ports=ports
        )
