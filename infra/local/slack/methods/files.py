"""The upload: a url for it, the bytes, and sharing it in a channel."""

from dataclasses import replace

from infra.local.slack.methods.arguments import needed
from infra.local.slack.methods.places import thread_root, writable_channel
from infra.local.slack.records import BOT_USER, ApiError, File, Json, Message
from infra.local.slack.workspace import Workspace


def upload_url(workspace: Workspace, arguments: Json) -> Json:
    """Serve `files.getUploadURLExternal`."""
    file = File(
        id=workspace.next_id("F"),
        name=needed(arguments, "filename"),
        size_bytes=int(needed(arguments, "length")),
    )
    workspace.put_file(file)
    return {"upload_url": f"{workspace.address}/upload/{file.id}", "file_id": file.id}


def receive_upload(workspace: Workspace, file_id: str, content: bytes) -> None:
    """Take the bytes.

    Raises:
        ApiError: nobody asked for this url, or the length is not the one that was announced.
    """
    file = workspace.files.get(file_id)
    if file is None:
        raise ApiError("file_not_found")
    if len(content) != file.size_bytes:
        raise ApiError("file_upload_size_mismatch")
    workspace.put_file(replace(file, content=content))


def complete_upload(workspace: Workspace, arguments: Json) -> Json:
    """Serve `files.completeUploadExternal`; without a channel the files stay unshared."""
    sent = [_named(workspace, each) for each in arguments.get("files") or []]
    if not sent:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: files"])
    if arguments.get("channel_id"):
        sent = _share(workspace, sent, arguments)
    return {"files": [file.as_slack_shows_it() for file in sent]}


def _named(workspace: Workspace, given: Json) -> File:
    file = workspace.files.get(str(given.get("id")))
    if file is None or (file.size_bytes and not file.content):
        raise ApiError("file_not_found")
    return replace(file, title=given.get("title") or file.name)


def _share(workspace: Workspace, sent: list[File], arguments: Json) -> list[File]:
    place = {"channel": arguments["channel_id"]}
    channel = writable_channel(workspace, place)
    message = Message(
        channel=channel.id,
        ts=workspace.next_ts(),
        text=str(arguments.get("initial_comment") or ""),
        user=BOT_USER,
        thread_ts=thread_root(workspace, channel, arguments),
    )
    shared = [replace(file, channels=(*file.channels, channel.id)) for file in sent]
    workspace.put(replace(message, file_ids=tuple(file.id for file in shared)), shared)
    return shared
