"""The payloads that Slack sends, drawn from the workspace; pure but for the ids they carry."""

from infra.local.slack.elements import Values, values_of
from infra.local.slack.records import (
    APP_ID,
    BOT_USER,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    Json,
    Message,
    User,
)

_TOKEN = "verification-token-of-old"  # noqa: S105 - deprecated by Slack, still sent, secures nothing


def interaction(kind: str, user: User, trigger_id: str) -> Json:
    """Draw what every interactive payload carries."""
    return {
        "type": kind,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "user": {
            "id": user.id,
            "username": user.handle,
            "name": user.handle,
            "team_id": TEAM_ID,
        },
        "api_app_id": APP_ID,
        "token": _TOKEN,
        "trigger_id": trigger_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_click(channel: Channel, message: Message, entered: Values, response_url: str) -> Json:
    """Draw where a click in a message happened; an ephemeral message is not sent along."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.seen_only_by is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    placed: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": values_of(message.blocks, entered)},
        "response_url": response_url,
    }
    if message.seen_only_by is None:
        placed["message"] = message.as_slack_shows_it()
    return placed


def view_click(view: Json) -> Json:
    """Draw where a click in a modal or App Home happened."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def command_form(  # noqa: PLR0913 - a form with as many fields
    command: str, text: str, *, user: User, channel: Channel, trigger_id: str, response_url: str
) -> dict[str, str]:
    """Draw the form of a slash command."""
    return {
        "token": _TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def event_callback(event: Json, event_id: str, event_time: int) -> Json:
    """Draw the wrapping of an event."""
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": _TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }
