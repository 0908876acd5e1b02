"""A workspace that is kept in a box's database, closed, and opened again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from slack_sdk import WebClient

from core.adapters.sqlite.database import Database
from core.domain.errors import Unavailable
from infra.local.slack.local_slack import LocalSlack
from infra.local.workspace_archive import SqliteArchive
from tests.unit.test_local_slack.room import ADA, CHANNEL, SECRET, TOKEN, Clock, actions, button


@contextmanager
def opened(folder: Path, clock: Clock) -> Iterator[tuple[LocalSlack, WebClient]]:
    """Open the workspace of a folder, as often as you like."""
    with (
        closing(Database(folder / "box.sqlite")) as database,
        LocalSlack(
            SECRET,
            TOKEN,
            now=clock.now,
            elapsed=clock.elapsed,
            archive=SqliteArchive(database),
        ) as slack,
    ):
        yield slack, WebClient(TOKEN, base_url=slack.api_url)
    clock.go_on(60)


@contextmanager
def begun(folder: Path, clock: Clock) -> Iterator[tuple[LocalSlack, WebClient]]:
    """Open it for the first time, with a person and a channel."""
    with opened(folder, clock) as (slack, client):
        slack.add_user(ADA, "Ada Lovelace")
        slack.add_channel(CHANNEL, "ml-alerts")
        yield slack, client


def test_messages_threads_and_whispers_are_there_again(tmp_path: Path) -> None:
    clock = Clock()
    with begun(tmp_path, clock) as (slack, client):
        card = client.chat_postMessage(channel=CHANNEL, text="card", blocks=[actions(button())])
        slack.say(ADA, CHANNEL, "looking", thread_ts=card["ts"])
        client.chat_postEphemeral(channel=CHANNEL, user=ADA, text="only you")
        before = (slack.messages(CHANNEL), slack.thread(CHANNEL, card["ts"]), slack.whispers(ADA))

    with opened(tmp_path, clock) as (slack, client):
        after = (slack.messages(CHANNEL), slack.thread(CHANNEL, card["ts"]), slack.whispers(ADA))

    assert after == before
    assert [len(heard) for heard in after] == [1, 1, 1]


def test_a_message_of_before_is_found_by_a_redraw_and_stays_redrawn(tmp_path: Path) -> None:
    clock = Clock()
    with begun(tmp_path, clock) as (_, client):
        ts = client.chat_postMessage(channel=CHANNEL, text="nobody has it")["ts"]

    with opened(tmp_path, clock) as (_, client):
        client.chat_update(channel=CHANNEL, ts=ts, text="Ada has it")

    with opened(tmp_path, clock) as (slack, _):
        assert [message.text for message in slack.messages(CHANNEL)] == ["Ada has it"]


def test_what_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    clock = Clock()
    with begun(tmp_path, clock) as (slack, client):
        slack.add_channel("C0OLD", "old")
        slack.say(ADA, "C0OLD", "gone with its channel")
        slack.remove_channel("C0OLD")
        ts = client.chat_postMessage(channel=CHANNEL, text="a mistake")["ts"]
        client.chat_delete(channel=CHANNEL, ts=ts)

    with opened(tmp_path, clock) as (slack, _):
        assert slack.messages(CHANNEL) == slack.messages("C0OLD") == []
        assert "C0OLD" not in slack.workspace.channels


def test_channels_are_as_they_were_left_and_people_keep_their_names(tmp_path: Path) -> None:
    clock = Clock()
    with begun(tmp_path, clock) as (slack, client):
        slack.rename_channel(CHANNEL, "ml-on-call")
        direct = client.conversations_open(users=ADA)["channel"]["id"]
        client.chat_postMessage(channel=direct, text="for you")
        left = (slack.workspace.channels, slack.workspace.users)

    with opened(tmp_path, clock) as (slack, _):
        assert (slack.workspace.channels, slack.workspace.users) == left
        assert [message.text for message in slack.messages(direct)] == ["for you"]


def test_an_upload_is_there_again_with_its_bytes(tmp_path: Path) -> None:
    clock, picture = Clock(), bytes(range(256))
    with begun(tmp_path, clock) as (_, client):
        client.files_upload_v2(channel=CHANNEL, filename="drift.png", content=picture)

    with opened(tmp_path, clock) as (slack, _):
        [message] = slack.messages(CHANNEL)
        file = slack.workspace.files[message.file_ids[0]]

    assert (file.name, file.content, file.channels) == ("drift.png", picture, (CHANNEL,))


def test_nothing_new_takes_the_name_of_something_old(tmp_path: Path) -> None:
    clock = Clock()
    with begun(tmp_path, clock) as (slack, client):
        client.files_upload_v2(channel=CHANNEL, filename="old.md", content="old")
        last = slack.workspace.next_ts()
        slack.say(ADA, CHANNEL, "last words")

    clock.elapsed_s = 0  # the machine's clock was set back
    with opened(tmp_path, clock) as (slack, client):
        assert slack.workspace.next_ts() > last
        client.files_upload_v2(channel=CHANNEL, filename="new.md", content="new")
        assert sorted(file.name for file in slack.workspace.files.values()) == ["new.md", "old.md"]


def test_nobody_sees_what_could_not_be_stored(tmp_path: Path) -> None:
    with (
        begun(tmp_path, Clock()) as (slack, _),
        closing(sqlite3.connect(tmp_path / "box.sqlite")) as elsewhere,
    ):
        elsewhere.execute("DROP TABLE workspace")

        with pytest.raises(Unavailable):
            slack.say(ADA, CHANNEL, "is this on?")

        assert slack.messages(CHANNEL) == []
