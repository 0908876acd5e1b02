"""The Resolve button of an alert card and its form."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.modals.resolve_form import disposition_chosen, resolve_form
from bot.payloads import Body, person
from core.adapters.slack.actions import RESOLVE, RESOLVE_VIEW
from core.domain.ids import AlertId
from core.flows.overview import alert_of
from core.flows.resolve import resolve
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button, then for the form."""

    @app.action(RESOLVE)
    def on_click(ack: Ack, action: dict[str, Any], body: Body, client: WebClient) -> None:
        ack()
        form = resolve_form(alert_of(action["value"], ports))
        client.views_open(trigger_id=body["trigger_id"], view=form)

    @app.view(RESOLVE_VIEW)
    def on_submit(ack: Ack, view: dict[str, Any], body: Body) -> None:
        alert = AlertId(view["private_metadata"])
        resolve(alert, disposition_chosen(view), person(body), ports)
        ack()
