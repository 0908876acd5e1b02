"""The "…" menu of an alert card: priorities, and the incident form."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.modals.incident_form import incident_form
from bot.payloads import Body, person
from core.adapters.slack.actions import MORE, REPORT_CHOICE, MenuChoice
from core.domain.alert import Priority
from core.domain.ids import AlertId
from core.flows.overview import alert_of
from core.flows.prioritise import prioritise
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for choices in the menu."""

    @app.action(MORE)
    def on_choice(ack: Ack, action: dict[str, Any], body: Body, client: WebClient) -> None:
        ack()
        chosen = MenuChoice.model_validate_json(action["selected_option"]["value"])
        if chosen.choice == REPORT_CHOICE:
            form = incident_form(alert_of(chosen.alert, ports))
            client.views_open(trigger_id=body["trigger_id"], view=form)
        else:
            prioritise(AlertId(chosen.alert), Priority(chosen.choice), person(body), ports)
