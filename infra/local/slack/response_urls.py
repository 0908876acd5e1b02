"""What a response url does: whisper, post, replace or delete, on behalf of one interaction."""

from dataclasses import replace

from infra.local.slack.methods.arguments import blocks_of, flag
from infra.local.slack.methods.inspection import inspect_message
from infra.local.slack.records import BOT_USER, ApiError, Json, Message
from infra.local.slack.tickets import ResponseUrl
from infra.local.slack.workspace import Workspace

_GONE = {"expired_url", "invalid_url", "used_url"}


def respond(workspace: Workspace, name: str, answer: Json) -> None:
    """Apply what the app posted to a response url.

    Raises:
        ApiError: the url is unknown, late or used up, or the message is malformed.
    """
    with workspace.lock:
        ticket = workspace.tickets.use_response_url(name)
        if flag(answer, "delete_original"):
            original = _original(workspace, ticket)
            workspace.delete_message(original.channel, original.ts)
        elif flag(answer, "replace_original"):
            _replace(workspace, _original(workspace, ticket), answer)
        else:
            say_back(workspace, ticket, answer)


def say_back(workspace: Workspace, ticket: ResponseUrl, answer: Json) -> Message:
    """Show a new message: to the one who acted, or to the channel when asked to."""
    text, blocks = str(answer.get("text") or ""), blocks_of(answer)
    inspect_message(workspace, "response_url", text, blocks)
    is_public = answer.get("response_type") == "in_channel"
    message = Message(
        channel=ticket.channel,
        ts=workspace.next_ts(),
        text=text,
        user=BOT_USER,
        blocks=blocks or [],
        thread_ts=answer.get("thread_ts"),
        seen_only_by=None if is_public else ticket.user,
    )
    return workspace.put(message)


def status_of(error: ApiError) -> int:
    """Say which HTTP status a response url answers with."""
    return 404 if error.code in _GONE else 400


def _original(workspace: Workspace, ticket: ResponseUrl) -> Message:
    found = workspace.find(ticket.channel, ticket.message_ts) if ticket.message_ts else None
    if found is None:
        raise ApiError("message_not_found")
    return found


def _replace(workspace: Workspace, original: Message, answer: Json) -> None:
    text, blocks = str(answer.get("text") or ""), blocks_of(answer)
    inspect_message(workspace, "response_url", text, blocks)
    edited_ts = workspace.next_ts()
    workspace.put(replace(original, text=text, blocks=blocks or [], edited_ts=edited_ts))
