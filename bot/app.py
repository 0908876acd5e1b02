"""The Slack app: bolt, the listeners, and the one place where errors become sentences."""

import json
import secrets
from collections.abc import Callable

from slack_bolt import App, BoltResponse, Respond
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.listeners import (
    accept_contract,
    acknowledge,
    ask_exception,
    close_incident,
    details,
    home,
    idea,
    keep_contract,
    kill,
    more,
    promote,
    quieten,
    report_bug,
    report_incident,
    resolve,
    retrain,
    rollback,
    tell_all,
    watch,
)
from bot.modals.notice import notice
from bot.payloads import Body
from core.domain.errors import Refusal
from core.ports import Ports

_LISTENERS = (
    accept_contract,
    acknowledge,
    ask_exception,
    close_incident,
    details,
    home,
    idea,
    keep_contract,
    kill,
    more,
    promote,
    quieten,
    report_bug,
    report_incident,
    resolve,
    retrain,
    rollback,
    tell_all,
    watch,
)


def build_app(ports: Ports, client: WebClient, signing_secret: str) -> App:
    """Build the app: it answers inside Slack's three seconds and starts no work of its own."""
    app = App(
        client=WebClient(base_url=client.base_url, timeout=client.timeout),
        signing_secret=signing_secret,
        authorize=_our_token(client),
        process_before_response=True,  # on Lambda nothing runs after the answer
    )
    for listener in _LISTENERS:
        listener.register(app, ports)
    app.error(_answer_error)
    return app


def _our_token(client: WebClient) -> Callable[..., AuthorizeResult]:
    """Take our one token for granted: to ask Slack about it costs each cold start a call."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=client.token)

    return authorize


def _answer_error(
    error: Exception, body: Body, respond: Respond, client: WebClient
) -> BoltResponse | None:
    """Tell the person what happened; Slack sees an error only where it then tries again."""
    sentence = _sentence(error)
    if body.get("type") == "view_submission":
        update = {"response_action": "update", "view": notice("Not done", sentence)}
        return BoltResponse(
            status=200, body=json.dumps(update), headers={"content-type": "application/json"}
        )
    if body.get("view", {}).get("type") == "home":
        view = notice("Not done", sentence)
        client.views_open(trigger_id=body["trigger_id"], view=view)
        return BoltResponse(status=200)
    if not respond.response_url:
        return None
    respond(text=sentence, response_type="ephemeral", replace_original=False)
    return BoltResponse(status=200)


def _sentence(error: Exception) -> str:
    if isinstance(error, Refusal):
        return str(error)
    if isinstance(error, SlackApiError) and "trigger" in str(error.response.get("error")):
        return "Slack had no patience left to open the form. Please click once more."
    reference = secrets.token_hex(4)
    _log("a listener failed", reference, error)
    return (
        "That did not work, and it is not your fault; nothing you did is lost. "
        f"Whoever runs Watchkeeper finds the reason in its log under `{reference}`."
    )


def _log(what: str, reference: str, error: Exception) -> None:
    from aws_lambda_powertools import Logger  # noqa: PLC0415 - a cold start need not wait for it

    Logger(service="bot").error(what, reference=reference, exc_info=error)
