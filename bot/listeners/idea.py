"""The form of an idea; /watch idea opens it."""

from typing import Any

from pydantic import ValidationError
from slack_bolt import Ack, App

from bot.modals.idea_form import KILL_BY, idea_written, what_is_missing
from bot.payloads import Body, person
from core.adapters.slack.actions import IDEA_VIEW
from core.domain.idea import KillByPast
from core.flows.propose_idea import propose_idea
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the sent form."""

    @app.view(IDEA_VIEW)
    def on_submit(ack: Ack, view: dict[str, Any], body: Body) -> None:
        try:
            proposal = idea_written(view)
            propose_idea(view["private_metadata"], proposal, view["id"], person(body), ports)
        except ValidationError as error:  # the person mends it in the form
            ack(response_action="errors", errors=what_is_missing(error))
        except KillByPast as past:  # the same
            ack(response_action="errors", errors={KILL_BY: str(past)})
        else:
            ack()
