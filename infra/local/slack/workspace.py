"""The state of the workspace, as people see it; no HTTP and no rules of methods."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from itertools import count
from threading import RLock

from infra.local.slack.archive import Archive, Kept, NoArchive
from infra.local.slack.open_views import OpenViews
from infra.local.slack.records import (
    BOT_USER,
    ApiError,
    Blocks,
    Channel,
    File,
    Group,
    Json,
    Message,
    Rejection,
    User,
)
from infra.local.slack.tickets import Tickets


class Workspace:
    """Holds all that people see, and tells subscribers of each change.

    People, channels, messages and uploads are those that the archive kept; modals, homes and user
    groups last as long as the process.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        elapsed: Callable[[], float],
        archive: Archive | None = None,
    ) -> None:
        self.now = now
        self.address = ""  # of the server, once it listens
        self.lock = RLock()
        self.users: dict[str, User] = {
            BOT_USER: User(BOT_USER, "Watchkeeper", "watchkeeper", is_bot=True)
        }
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.files: dict[str, File] = {}
        self.pins: set[tuple[str, str]] = set()
        self.rejections: list[Rejection] = []
        self.tickets = Tickets(elapsed)
        self.views = OpenViews(self.next_id)
        self._messages: dict[tuple[str, str], Message] = {}
        self._subscribers: list[Callable[[], None]] = []
        self._archive = archive or NoArchive()
        for thing in self._archive.everything():
            self._show(thing)
        self._last_ts_us = max((_us(message.ts) for message in self._messages.values()), default=0)
        self._numbers = count(self._us_now() if self._messages else 1)

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Call back after each change, in the thread that made it, which waits: be quick."""
        self._subscribers.append(callback)

    def changed(self) -> None:
        """Tell the subscribers."""
        for callback in self._subscribers:
            callback()

    def next_id(self, prefix: str) -> str:
        """Make an id that was not used before, the same in each run that begins with nothing."""
        return f"{prefix}{next(self._numbers):06d}"

    def next_ts(self) -> str:
        """Make a message timestamp, later than all before even when the clock stands."""
        with self.lock:
            self._last_ts_us = max(self._us_now(), self._last_ts_us + 1)
            return f"{self._last_ts_us // 1_000_000}.{self._last_ts_us % 1_000_000:06d}"

    def response_url(self, user: str, channel: str, message_ts: str | None = None) -> str:
        """Hand out a response url for one interaction."""
        name = self.tickets.issue_response_url(user, channel, message_ts)
        return f"{self.address}/response/{name}"

    def add_user(self, user: str, name: str, *, handle: str = "", is_active: bool = True) -> User:
        """Let a person join."""
        self._keep(User(user, name, handle or name.lower().replace(" ", "."), is_active))
        return self.users[user]

    def add_channel(
        self,
        channel: str,
        name: str,
        *,
        members: Iterable[str] | None = None,
        is_private: bool = False,
    ) -> Channel:
        """Make a channel that the bot is in; `members` None means every person."""
        people = None if members is None else frozenset(members)
        self._keep(Channel(channel, name, people, is_private=is_private))
        return self.channels[channel]

    def add_group(self, group: str, handle: str, members: Iterable[str]) -> Group:
        """Make a user group, or change who is in it."""
        self.groups[group] = Group(group, handle, tuple(members))
        self.changed()
        return self.groups[group]

    def archive_channel(self, channel: str) -> None:
        """Archive it: it is still seen, but nobody posts any more."""
        self._keep(replace(self.channels[channel], is_archived=True))

    def rename_channel(self, channel: str, name: str) -> None:
        """Give it another name; the id stays."""
        self._keep(replace(self.channels[channel], name=name))

    def remove_channel(self, channel: str) -> None:
        """Delete it with all that was said in it."""
        with self.lock:
            said = [m for m in self._messages.values() if m.channel == channel]
            self._archive.forget(self.channels[channel], *said)
            del self.channels[channel]
            self._messages = {key: m for key, m in self._messages.items() if key[0] != channel}
        self.changed()

    def remove_bot(self, channel: str) -> None:
        """Take the bot out of the channel."""
        self._keep(replace(self.channels[channel], has_bot=False))

    def invite_bot(self, channel: str) -> None:
        """Bring the bot (back) into the channel."""
        self._keep(replace(self.channels[channel], has_bot=True))

    def direct_channel(self, user: str) -> Channel:
        """Find or make the conversation between this person and the bot."""
        if user not in self.users or user == BOT_USER:
            raise ApiError("user_not_found")
        channel = f"D{user[1:]}"
        if channel not in self.channels:
            self._keep(Channel(channel, "directmessage", frozenset({user}), is_im=True))
        return self.channels[channel]

    def put(self, message: Message, files: Iterable[File] = ()) -> Message:
        """Draw a message, for the first time or again, with the files that it shares."""
        drawn = replace(message, blocks=self.with_ids(message.blocks))
        self._keep(*files, drawn)
        return drawn

    def put_file(self, file: File) -> File:
        """Take what is known of an upload so far."""
        self._keep(file)
        return file

    def with_ids(self, blocks: Blocks) -> Blocks:
        """Copy blocks, naming each that came without a block_id, as Slack does."""
        copied = deepcopy(blocks)
        for block in copied:
            block.setdefault("block_id", self.next_id("b"))
        return copied

    def find(self, channel: str, ts: str) -> Message | None:
        """Look a message up; None when there is none, or no longer."""
        return self._messages.get((channel, ts))

    def delete_message(self, channel: str, ts: str) -> None:
        """Delete a message, as its author or an admin can; replies stay."""
        with self.lock:
            self._archive.forget(self._messages[channel, ts])
            del self._messages[channel, ts]
        self.changed()

    def messages(self, channel: str) -> list[Message]:
        """Read a channel from its first message, without replies."""
        return [m for m in self._heard(channel) if m.thread_ts in {None, m.ts}]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Read the replies under a message, without the message itself."""
        return [m for m in self._heard(channel) if m.thread_ts == ts and m.ts != ts]

    def whispers(self, user: str) -> list[Message]:
        """Read the ephemeral messages that this person sees, in all channels."""
        everything = sorted(self._messages.copy().values(), key=lambda message: message.ts)
        return [message for message in everything if message.seen_only_by == user]

    def say(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Let a person write something."""
        return self.put(Message(channel, self.next_ts(), text, user, thread_ts=thread_ts))

    def pin(self, message: Message) -> None:
        """Pin a message to its channel."""
        self.pins.add((message.channel, message.ts))
        self.changed()

    def home_of(self, user: str) -> Json | None:
        """Show the App Home that this person was given; None before the first."""
        return self.views.home_of(user)

    def view_of(self, user: str) -> Json | None:
        """Show the modal in front of this person; None when none is open."""
        return self.views.view_of(user)

    def _keep(self, *things: Kept) -> None:
        """Store first, then show: what somebody saw is there after a restart."""
        with self.lock:
            self._archive.keep(*things)
            for thing in things:
                self._show(thing)
        self.changed()

    def _show(self, thing: Kept) -> None:
        match thing:
            case User():
                self.users[thing.id] = thing
            case Channel():
                self.channels[thing.id] = thing
            case File():
                self.files[thing.id] = thing
            case Message():
                self._messages[thing.channel, thing.ts] = thing

    def _us_now(self) -> int:
        return int(self.now().timestamp() * 1_000_000)

    def _heard(self, channel: str) -> list[Message]:
        everything = sorted(self._messages.copy().values(), key=lambda message: message.ts)
        return [m for m in everything if m.channel == channel and m.seen_only_by is None]


def _us(ts: str) -> int:
    return int(ts.replace(".", ""))
