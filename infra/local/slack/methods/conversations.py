"""The `conversations.*` and `pins.*` methods."""

from collections.abc import Sequence

from infra.local.slack.methods.arguments import flag, limit, needed
from infra.local.slack.methods.places import joined_channel, visible_channel
from infra.local.slack.records import BOT_USER, ApiError, Json, Message
from infra.local.slack.workspace import Workspace


def info(workspace: Workspace, arguments: Json) -> Json:
    """Serve `conversations.info`."""
    return {"channel": visible_channel(workspace, arguments).as_slack_shows_it()}


def list_channels(workspace: Workspace, arguments: Json) -> Json:
    """Serve `conversations.list`: private channels that the bot is not in are silently left out."""
    kinds = str(arguments.get("types") or "public_channel").split(",")
    shown = [
        channel.as_slack_shows_it()
        for channel in workspace.channels.values()
        if ("private_channel" if channel.is_private else "public_channel") in kinds
        and not channel.is_im
        and (channel.has_bot or not channel.is_private)
        and not (channel.is_archived and flag(arguments, "exclude_archived"))
    ]
    return _page("channels", shown, arguments)


def members(workspace: Workspace, arguments: Json) -> Json:
    """Serve `conversations.members`."""
    channel = visible_channel(workspace, arguments)
    people = [user.id for user in workspace.users.values() if channel.has(user.id)]
    if not channel.has_bot:
        people = [person for person in people if person != BOT_USER]
    return _page("members", people, arguments)


def open_direct(workspace: Workspace, arguments: Json) -> Json:
    """Serve `conversations.open` for one person."""
    users = needed(arguments, "users").split(",")
    if len(users) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    return {"channel": {"id": workspace.direct_channel(users[0]).id}}


def history(workspace: Workspace, arguments: Json) -> Json:
    """Serve `conversations.history`, newest first."""
    channel = joined_channel(workspace, arguments)
    newest_first = reversed(_between(workspace.messages(channel.id), arguments))
    return _page("messages", [_read(message, arguments) for message in newest_first], arguments)


def replies(workspace: Workspace, arguments: Json) -> Json:
    """Serve `conversations.replies`: the message and its thread, oldest first."""
    channel = joined_channel(workspace, arguments)
    root = workspace.find(channel.id, needed(arguments, "ts"))
    if root is None or root.seen_only_by:
        raise ApiError("thread_not_found")
    thread = [root, *_between(workspace.thread(channel.id, root.ts), arguments)]
    return _page("messages", [_read(message, arguments) for message in thread], arguments)


def list_pins(workspace: Workspace, arguments: Json) -> Json:
    """Serve `pins.list`."""
    channel = joined_channel(workspace, arguments)
    pinned = [
        message for message in _heard(workspace, channel.id) if _is_pinned(workspace, message)
    ]
    items = [{"type": "message", "message": message.as_slack_shows_it()} for message in pinned]
    return {"items": items}


def _heard(workspace: Workspace, channel: str) -> list[Message]:
    roots = workspace.messages(channel)
    return [m for root in roots for m in (root, *workspace.thread(channel, root.ts))]


def _is_pinned(workspace: Workspace, message: Message) -> bool:
    return (message.channel, message.ts) in workspace.pins


def _between(messages: list[Message], arguments: Json) -> list[Message]:
    oldest = str(arguments.get("oldest") or "0")
    latest = str(arguments.get("latest") or "9999999999")
    kept = []
    for message in messages:
        at = float(message.ts)
        is_edge = message.ts in {oldest, latest} and flag(arguments, "inclusive")
        if is_edge or float(oldest) < at < float(latest):
            kept.append(message)
    return kept


def _read(message: Message, arguments: Json) -> Json:
    shown = message.as_slack_shows_it()
    if message.metadata and flag(arguments, "include_all_metadata"):
        shown["metadata"] = message.metadata
    return shown


def _page(name: str, rows: Sequence[object], arguments: Json) -> Json:
    start = int(arguments.get("cursor") or 0)
    end = start + limit(arguments, default=100, most=999)
    next_cursor = str(end) if end < len(rows) else ""
    return {
        name: list(rows[start:end]),
        "has_more": bool(next_cursor),
        "response_metadata": {"next_cursor": next_cursor},
    }
