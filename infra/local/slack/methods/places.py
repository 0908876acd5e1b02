"""Which channel or message a method may touch, and the error when it may not."""

from infra.local.slack.methods.arguments import needed
from infra.local.slack.records import ApiError, Channel, Json, Message
from infra.local.slack.workspace import Workspace


def visible_channel(workspace: Workspace, arguments: Json) -> Channel:
    """Find a channel that the bot can see: public ones, and private ones that it is in.

    Raises:
        ApiError: there is none, or it is private and the bot is outside.
    """
    channel = workspace.channels.get(needed(arguments, "channel"))
    if channel is None or (channel.is_private and not channel.has_bot):
        raise ApiError("channel_not_found")
    return channel


def joined_channel(workspace: Workspace, arguments: Json) -> Channel:
    """Find a channel that the bot may read; a user's id means the conversation with them.

    Raises:
        ApiError: there is none, or the bot is not in it.
    """
    name = needed(arguments, "channel")
    if name in workspace.users:
        return workspace.direct_channel(name)
    channel = visible_channel(workspace, arguments)
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    return channel


def writable_channel(workspace: Workspace, arguments: Json) -> Channel:
    """Find a channel that the bot may post to.

    Raises:
        ApiError: there is none, the bot is not in it, or it is archived.
    """
    channel = joined_channel(workspace, arguments)
    if channel.is_archived:
        raise ApiError("is_archived")
    return channel


def thread_root(workspace: Workspace, channel: Channel, arguments: Json) -> str | None:
    """Read `thread_ts`; None means a message of its own.

    Raises:
        ApiError: there is no such message, or it is a reply or a whisper itself.
    """
    thread_ts = arguments.get("thread_ts")
    if not thread_ts:
        return None
    root = workspace.find(channel.id, str(thread_ts))
    if root is None:
        raise ApiError("thread_not_found")
    if root.thread_ts not in {None, root.ts} or root.seen_only_by:
        raise ApiError("cannot_reply_to_message")
    return root.ts


def own_message(workspace: Workspace, arguments: Json, refusal: str) -> Message:
    """Find a message that the bot wrote and that everybody sees.

    Raises:
        ApiError: it is gone, or somebody else's (the error is then `refusal`).
    """
    channel = writable_channel(workspace, arguments)
    message = workspace.find(channel.id, needed(arguments, "ts"))
    if message is None or message.seen_only_by:
        raise ApiError("message_not_found")
    if not message.is_by_the_bot:
        raise ApiError(refusal)
    return message
