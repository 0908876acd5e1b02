"""What the page shows to one person: the local Slack's state as JSON; nothing is decided here."""

from collections.abc import Mapping
from typing import Any

from infra.local.slack.local_slack import LocalSlack
from infra.local.slack.records import BOT_USER, Blocks, Channel, File, Json, Message
from infra.local.slack.workspace import Workspace

_UNKNOWN_AUTHOR: Json = {"name": "Somebody", "is_app": False}


def snapshot(
    slack: LocalSlack,
    manifest: Json,
    people: Mapping[str, str],
    *,
    user: str | None = None,
    channel: str | None = None,
) -> Json:
    """Draw the workspace for one person.

    Args:
        slack: the local Slack.
        manifest: the Slack app's manifest; its commands and message shortcuts are offered.
        people: those whom the desk can play, user id to role.
        user: who looks; None (or somebody whom the desk cannot play) means the first of `people`.
        channel: what they look at; None (or one that they cannot see) means their first channel, or
            the conversation with the app where there is no channel yet.
    """
    people = dict(people)  # somebody may join while this is drawn
    me = user if user is not None and user in people else next(iter(people))
    channels = [one for one in slack.workspace.channels.copy().values() if one.has(me)]
    rooms = [one for one in channels if not one.is_im]
    if not rooms:
        channels = [slack.workspace.direct_channel(me)]
    first = (rooms or channels)[0].id
    here = channel if channel in {one.id for one in channels} else first
    with_app = next((one.id for one in channels if one.is_im), None)
    return {
        "me": me,
        "people": [_person(slack, person, role) for person, role in people.items()],
        "workspace": _workspace(slack.workspace, rooms),
        "channel": here,
        **_talk(slack, me, here),
        "view": _with_local_images(slack.view_of(me)),
        "home": _with_local_images(slack.home_of(me)),
        "app": {"name": manifest["display_information"]["name"], "channel": with_app},
        **_features(manifest.get("features", {})),
    }


def _workspace(state: Workspace, rooms: list[Channel]) -> Json:
    users = state.users.copy().values()
    groups = state.groups.copy().values()
    return {
        "name": "Local Slack",
        "now": state.now().timestamp(),
        "users": [{"id": one.id, "name": one.name, "is_bot": one.is_bot} for one in users],
        "groups": [{"id": one.id, "name": one.handle} for one in groups],
        "channels": [
            {"id": one.id, "name": one.name, "is_archived": one.is_archived} for one in rooms
        ],
    }


def _features(features: Json) -> Json:
    commands = features.get("slash_commands", [])
    shortcuts = [one for one in features.get("shortcuts", []) if one["type"] == "message"]
    shown = ("command", "description", "usage_hint")
    return {
        "commands": [{key: one.get(key, "") for key in shown} for one in commands],
        "shortcuts": [
            {"name": one["name"], "callback_id": one["callback_id"]} for one in shortcuts
        ],
    }


def _talk(slack: LocalSlack, me: str, channel: str) -> Json:
    state = slack.workspace
    said = slack.messages(channel)
    whispered = [m for m in slack.whispers(me) if m.channel == channel]
    threads = {root.ts: _replies(slack, root, whispered) for root in said}
    heard = sorted([*said, *(m for m in whispered if m.thread_ts not in threads)], key=_age)
    return {
        "messages": [
            _message(state, m) | {"reply_count": len(threads.get(m.ts, []))} for m in heard
        ],
        "threads": {
            ts: [_message(state, reply) for reply in replies]
            for ts, replies in threads.items()
            if replies
        },
    }


def _replies(slack: LocalSlack, root: Message, whispered: list[Message]) -> list[Message]:
    aside = [m for m in whispered if m.thread_ts == root.ts]
    return sorted([*slack.thread(root.channel, root.ts), *aside], key=_age)


def _age(message: Message) -> str:
    return message.ts


def _person(slack: LocalSlack, user: str, role: str) -> Json:
    return {"id": user, "name": slack.workspace.users[user].name, "role": role}


def _message(state: Workspace, message: Message) -> Json:
    author = state.users.get(message.user)
    return {
        "ts": message.ts,
        "author": {"name": author.name, "is_app": author.id == BOT_USER}
        if author
        else _UNKNOWN_AUTHOR,
        "text": message.text,
        "blocks": _local_images(message.blocks),
        "files": [_file(state.files[one]) for one in message.file_ids if one in state.files],
        "is_edited": message.edited_ts is not None,
        "is_whisper": message.seen_only_by is not None,
    }


def _file(file: File) -> Json:
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "size_bytes": file.size_bytes,
        "is_image": file.name.endswith(".png"),
    }


def _with_local_images(view: Json | None) -> Json | None:
    return view and view | {"blocks": _local_images(view["blocks"])}


def _local_images(blocks: Blocks) -> Blocks:
    return [_local_image(block) for block in blocks]


def _local_image(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Let uploaded pictures come from the desk: the page asks nobody else."""
    if isinstance(node, list):
        return [_local_image(child) for child in node]
    if not isinstance(node, dict):
        return node
    drawn = {key: _local_image(child) for key, child in node.items()}
    if node.get("type") == "image" and "id" in node.get("slack_file", {}):
        del drawn["slack_file"]
        drawn["image_url"] = f"/files/{node['slack_file']['id']}"
    return drawn
