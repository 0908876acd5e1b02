"""What people do with an open modal: fill it in, submit it, close it."""

import json
from typing import Any

from infra.local.slack.carrier import Carrier, Trouble
from infra.local.slack.elements import Values, chosen, elements_in, find_element, is_blank
from infra.local.slack.envelope import Envelope
from infra.local.slack.methods.inspection import inspect_view, refuse
from infra.local.slack.open_views import OpenView
from infra.local.slack.payloads import interaction
from infra.local.slack.records import ApiError, Json, NotOnScreen
from infra.local.slack.signing import Answer
from infra.local.slack.workspace import Workspace


class Submissions:
    """Sends `view_submission` and does to the modal what the answer says."""

    def __init__(self, workspace: Workspace, carrier: Carrier) -> None:
        self._workspace = workspace
        self._carrier = carrier

    def fill(self, user: str, values: dict[str, dict[str, Any]]) -> None:
        """Enter values into the open modal without submitting it.

        Args:
            user: whose modal.
            values: by block_id and action_id: a text, an option's value, an id, or a list of them.

        Raises:
            NotOnScreen: there is no such input, or no such option in it.
        """
        view = self._open(user)
        for block_id, inputs in values.items():
            for action_id, value in inputs.items():
                placed = find_element(view.drawn["blocks"], action_id, block_id)
                entered = view.entered.setdefault(block_id, {})
                entered[action_id] = chosen(placed.element, value)

    def submit(self, user: str, values: dict[str, dict[str, Any]] | None = None) -> Answer:
        """Fill in the open modal and submit it; inputs not named keep what they hold.

        Raises:
            NotOnScreen: as of `fill`; the modal has no submit button; or a required input is blank.
        """
        view = self._open(user)
        self.fill(user, values or {})
        _check_complete(view)
        payload = self._payload("view_submission", user, view) | {"response_urls": []}
        did = view.drawn["callback_id"]
        answer = self._carrier.carry(Envelope("interactive", payload), user, did)
        if answer.is_ok:
            self._apply(user, view, json.loads(answer.body or "{}"))
        return answer

    def close_view(self, user: str) -> Answer:
        """Close the open modal; the app hears of it if it asked to be told."""
        view = self._open(user)
        self._workspace.views.close(user, view)
        self._workspace.changed()
        if not view.drawn["notify_on_close"]:
            return Answer(200)
        payload = self._payload("view_closed", user, view) | {"is_cleared": False}
        return self._carrier.carry(Envelope("interactive", payload), user, "close")

    def _open(self, user: str) -> OpenView:
        view = self._workspace.views.top(user)
        if view is None:
            raise NotOnScreen(f"no modal is open in front of {user}")
        return view

    def _payload(self, kind: str, user: str, view: OpenView) -> Json:
        person = self._workspace.users[user]
        trigger_id = self._workspace.tickets.issue_trigger(user)
        return interaction(kind, person, trigger_id) | {"view": view.as_slack_shows_it()}

    def _apply(self, user: str, view: OpenView, response: Json) -> None:
        try:
            self._obey(user, view, response)
        except ApiError as error:
            trouble = Trouble(user, view.drawn["callback_id"], error.code)
            self._carrier.troubles.append(trouble)
        self._workspace.changed()

    def _obey(self, user: str, view: OpenView, response: Json) -> None:
        views = self._workspace.views
        if "view" in response:
            inspect_view(self._workspace, "response_action", response["view"])
        match response.get("response_action"):
            case None:
                views.close(user, view)
            case "clear":
                views.clear(user)
            case "errors":
                self._show_errors(view, response["errors"])
            case "update":
                views.update(view, response["view"])
            case "push":
                views.push(user, response["view"])
            case unknown:
                self._refuse(f"there is no response_action {unknown!r}")

    def _show_errors(self, view: OpenView, errors: dict[str, str]) -> None:
        inputs = {block["block_id"] for block in view.drawn["blocks"] if block["type"] == "input"}
        if not errors or not errors.keys() <= inputs:
            self._refuse(f"errors name no input: {sorted(errors)}")
        view.errors = errors

    def _refuse(self, problem: str) -> None:
        refuse(self._workspace, "response_action", "invalid_arguments", [problem])


def _check_complete(view: OpenView) -> None:
    if not view.drawn["submit"]:
        raise NotOnScreen("this modal has no submit button")
    values: Values = view.as_slack_shows_it()["state"]["values"]
    for placed in elements_in(view.drawn["blocks"]):
        if placed.is_required and is_blank(values[placed.block_id][placed.action_id]):
            raise NotOnScreen(f"the modal cannot be submitted without {placed.block_id!r}")
