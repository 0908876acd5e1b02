"""The message shortcut by which a person reports a bug, and its form."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.modals.bug_form import bug_form, bug_written
from bot.modals.notice import notice
from bot.payloads import Body, person
from core.adapters.slack.actions import BUG_SHORTCUT, BUG_VIEW
from core.flows.overview import model_names
from core.flows.report_bug import report_bug
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the shortcut, then for the form."""

    @app.shortcut(BUG_SHORTCUT)
    def on_shortcut(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        models = model_names(ports)
        quoted = body["message"].get("text", "")
        nothing = notice("Report a bug", "No model is watched yet: `watchkeeper apply` adds one.")
        form = bug_form(models, quoted) if models else nothing
        client.views_open(trigger_id=body["trigger_id"], view=form)

    @app.view(BUG_VIEW)
    def on_submit(ack: Ack, view: dict[str, Any], body: Body) -> None:
        model, text = bug_written(view)
        report_bug(model, text, view["id"], person(body), ports)
        ack()
