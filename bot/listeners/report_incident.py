"""The form of an incident report; it is opened from an alert's menu or by /incident."""

from typing import Any

from pydantic import ValidationError
from slack_bolt import Ack, App

from bot.modals.incident_form import report_written, sentences
from bot.payloads import Body, person
from core.adapters.slack.actions import REPORT_VIEW
from core.domain.ids import AlertId
from core.flows.report_incident import report_incident
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the sent form."""

    @app.view(REPORT_VIEW)
    def on_submit(ack: Ack, view: dict[str, Any], body: Body) -> None:
        try:
            report = report_written(view)
        except ValidationError as error:  # the person mends it in the form
            ack(response_action="errors", errors=sentences(error))
            return
        report_incident(AlertId(view["private_metadata"]), report, person(body), ports)
        ack()
