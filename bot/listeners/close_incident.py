"""The Close button of an incident's card and its form."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.modals.closing_form import DATA_ACTION, closing_form, ending_written
from bot.payloads import Body, person
from core.adapters.slack.actions import CLOSE_INCIDENT, CLOSE_VIEW
from core.domain.ids import IncidentId
from core.domain.incident import NothingSaid
from core.flows.close_incident import close_incident
from core.flows.report_incident import incident_of
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button, then for the form."""

    @app.action(CLOSE_INCIDENT)
    def on_click(ack: Ack, action: dict[str, Any], body: Body, client: WebClient) -> None:
        ack()
        form = closing_form(incident_of(IncidentId(action["value"]), ports))
        client.views_open(trigger_id=body["trigger_id"], view=form)

    @app.view(CLOSE_VIEW)
    def on_submit(ack: Ack, view: dict[str, Any], body: Body) -> None:
        incident = IncidentId(view["private_metadata"])
        try:
            close_incident(incident, ending_written(view), person(body), ports)
        except NothingSaid as error:  # the person mends it in the form
            ack(response_action="errors", errors={DATA_ACTION: str(error)})
            return
        ack()
