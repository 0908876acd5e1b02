"""What a workspace is made of: people, channels, groups, messages, views, files."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import Base64Bytes

Json = dict[str, Any]
Blocks = list[Json]

TEAM_ID = "T0LOCAL"
TEAM_DOMAIN = "local"
APP_ID = "A0LOCAL"
BOT_ID = "B0LOCAL"
BOT_USER = "U0BOT"


class ApiError(Exception):
    """An answer with `ok: false`: Slack's error code and what it says beside it."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []


class NotOnScreen(LookupError):
    """A test reached for something that no person could reach, such as a button not drawn."""


@dataclass(frozen=True)
class Rejection:
    """A payload that was refused because it is malformed: a fault of the app, never of the day."""

    where: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class User:
    """A member of the workspace; `is_active` is False once the account was deactivated."""

    id: str
    name: str
    handle: str
    is_active: bool = True
    is_bot: bool = False

    def as_slack_shows_it(self) -> Json:
        """Draw the user object of `users.info`."""
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "name": self.handle,
            "real_name": self.name,
            "deleted": not self.is_active,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "tz": "Etc/UTC",
            "tz_offset": 0,
            "profile": {"real_name": self.name, "display_name": self.handle},
        }


@dataclass(frozen=True)
class Channel:
    """A place to talk; `members` None means that every person is in it."""

    id: str
    name: str
    members: frozenset[str] | None = None
    has_bot: bool = True
    is_private: bool = False
    is_archived: bool = False
    is_im: bool = False

    def has(self, user: str) -> bool:
        """Say whether this person reads the channel."""
        return self.members is None or user in self.members

    def as_slack_shows_it(self) -> Json:
        """Draw the conversation object of `conversations.info`."""
        if self.is_im:
            [person] = self.members or {""}
            return {"id": self.id, "is_im": True, "is_archived": False, "user": person}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_member": self.has_bot,
        }


@dataclass(frozen=True)
class Group:
    """A user group, mentioned as `<!subteam^ID>`."""

    id: str
    handle: str
    members: tuple[str, ...]

    def as_slack_shows_it(self) -> Json:
        """Draw the usergroup object of `usergroups.list`."""
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "is_usergroup": True,
            "name": self.handle,
            "handle": self.handle,
            "date_delete": 0,
            "user_count": len(self.members),
        }


@dataclass(frozen=True)
class Message:
    """One drawing of a message: an update makes a new one, so that an old one can be held."""

    channel: str
    ts: str
    text: str
    user: str
    blocks: Blocks = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    seen_only_by: str | None = None  # an ephemeral message's one reader
    file_ids: tuple[str, ...] = ()

    @property
    def is_by_the_bot(self) -> bool:
        """Say whether the app under test wrote it."""
        return self.user == BOT_USER

    def as_slack_shows_it(self) -> Json:
        """Draw the message object of payloads and of `conversations.history`, without metadata."""
        shown: Json = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": TEAM_ID,
        }
        if self.is_by_the_bot:
            shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.edited_ts:
            shown["edited"] = {"user": self.user, "ts": self.edited_ts}
        return shown


@dataclass(frozen=True)
class File:
    """An upload; it is seen once `files.completeUploadExternal` has shared it."""

    id: str
    name: str
    size_bytes: int
    title: str = ""
    content: Base64Bytes = b""
    channels: tuple[str, ...] = ()

    def as_slack_shows_it(self) -> Json:
        """Draw the file object."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "size": self.size_bytes,
            "channels": list(self.channels),
        }
