"""The button that asks for an exception from the gate, and its form."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.modals.exception_form import REASON, TOO_SHORT, exception_form, reason_given
from bot.payloads import Body, person
from core.adapters.slack.actions import ASK_EXCEPTION, EXCEPTION_VIEW, PointerMove
from core.flows.ask_exception import ask_exception
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button, then for the form."""

    @app.action(ASK_EXCEPTION)
    def on_click(ack: Ack, action: dict[str, Any], body: Body, client: WebClient) -> None:
        ack()
        move = PointerMove.model_validate_json(action["value"])
        client.views_open(trigger_id=body["trigger_id"], view=exception_form(move))

    @app.view(EXCEPTION_VIEW)
    def on_submit(ack: Ack, view: dict[str, Any], body: Body) -> None:
        move = PointerMove.model_validate_json(view["private_metadata"])
        reason = reason_given(view)
        if reason is None:  # the person mends it in the form
            ack(response_action="errors", errors={REASON: TOO_SHORT})
            return
        ask_exception(move.model, move.version, reason=reason, by=person(body), ports=ports)
        ack()
