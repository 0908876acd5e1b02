"""The `chat.*` methods: post, update, delete, whisper."""

from dataclasses import replace

from infra.local.slack.methods.arguments import blocks_of, needed
from infra.local.slack.methods.inspection import MAX_UPDATED_TEXT_CHARS, inspect_message
from infra.local.slack.methods.places import (
    own_message,
    thread_root,
    visible_channel,
    writable_channel,
)
from infra.local.slack.records import BOT_USER, TEAM_DOMAIN, ApiError, Json, Message
from infra.local.slack.workspace import Workspace


def post_message(workspace: Workspace, arguments: Json) -> Json:
    """Serve `chat.postMessage`."""
    channel = writable_channel(workspace, arguments)
    text, blocks = str(arguments.get("text") or ""), blocks_of(arguments)
    inspect_message(workspace, "chat.postMessage", text, blocks)
    message = Message(
        channel=channel.id,
        ts=workspace.next_ts(),
        text=text,
        user=BOT_USER,
        blocks=blocks or [],
        thread_ts=thread_root(workspace, channel, arguments),
        metadata=_metadata(arguments),
    )
    return _told(workspace.put(message))


def update(workspace: Workspace, arguments: Json) -> Json:
    """Serve `chat.update`: text alone takes the blocks away; metadata stays unless sent."""
    message = own_message(workspace, arguments, "cant_update_message")
    blocks = blocks_of(arguments)
    text = str(arguments.get("text") or (message.text if blocks else ""))
    inspect_message(workspace, "chat.update", text, blocks, MAX_UPDATED_TEXT_CHARS)
    metadata = _metadata(arguments) if "metadata" in arguments else message.metadata
    redrawn = replace(
        message,
        text=text,
        blocks=blocks or [],
        metadata=metadata,
        edited_ts=workspace.next_ts(),
    )
    return _told(workspace.put(redrawn)) | {"text": text}


def delete(workspace: Workspace, arguments: Json) -> Json:
    """Serve `chat.delete`."""
    message = own_message(workspace, arguments, "cant_delete_message")
    workspace.delete_message(message.channel, message.ts)
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    """Serve `chat.postEphemeral`: only to an active person who is in the channel."""
    channel = writable_channel(workspace, arguments)
    user = workspace.users.get(needed(arguments, "user"))
    if user is None or not user.is_active or not channel.has(user.id):
        raise ApiError("user_not_in_channel")
    text, blocks = str(arguments.get("text") or ""), blocks_of(arguments)
    inspect_message(workspace, "chat.postEphemeral", text, blocks)
    whisper = Message(
        channel=channel.id,
        ts=workspace.next_ts(),
        text=text,
        user=BOT_USER,
        blocks=blocks or [],
        thread_ts=thread_root(workspace, channel, arguments),
        seen_only_by=user.id,
    )
    return {"message_ts": workspace.put(whisper).ts}


def get_permalink(workspace: Workspace, arguments: Json) -> Json:
    """Serve `chat.getPermalink`."""
    channel = visible_channel(workspace, arguments)
    ts = needed(arguments, "message_ts")
    if workspace.find(channel.id, ts) is None:
        raise ApiError("message_not_found")
    link = f"https://{TEAM_DOMAIN}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def _metadata(arguments: Json) -> Json | None:
    metadata = arguments.get("metadata")
    if not metadata:
        return None
    is_complete = isinstance(metadata, dict) and metadata.keys() == {"event_type", "event_payload"}
    if not is_complete:
        raise ApiError("invalid_metadata_format")
    return dict(metadata)


def _told(message: Message) -> Json:
    shown = message.as_slack_shows_it()
    if message.metadata:
        shown["metadata"] = message.metadata
    return {"channel": message.channel, "ts": message.ts, "message": shown}
