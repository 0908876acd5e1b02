import pytest
from slack_sdk.errors import SlackApiError

from tests.unit.test_local_slack.room import (
    ADA,
    BOB,
    CHANNEL,
    Room,
    actions,
    button,
    error_of,
    section,
)

METADATA = {"event_type": "alert", "event_payload": {"id": "alr_1"}}


def test_people_see_what_was_posted(room: Room) -> None:
    message = room.post("PSI is high", blocks=[section("PSI is *high*")])

    [seen] = room.slack.messages(CHANNEL)
    assert seen == message
    assert seen.text == "PSI is high"
    assert seen.blocks[0]["text"]["text"] == "PSI is *high*"


def test_the_arguments_of_a_call_are_kept_as_they_were_sent(room: Room) -> None:
    room.post("hi", blocks=[section("hi")], unfurl_links=False)

    [call] = room.slack.calls("chat.postMessage")
    assert call["channel"] == CHANNEL
    assert call["blocks"] == [section("hi")]


def test_two_messages_at_one_moment_have_different_timestamps(room: Room) -> None:
    room.slack.say(ADA, CHANNEL, "first")
    room.slack.say(BOB, CHANNEL, "second")

    first, second = room.slack.messages(CHANNEL)
    assert first.ts < second.ts


def test_a_reply_is_in_the_thread_and_not_in_the_channel(room: Room) -> None:
    root = room.post("root")

    room.post("reply", thread_ts=root.ts)

    assert [message.text for message in room.slack.messages(CHANNEL)] == ["root"]
    assert [message.text for message in room.slack.thread(CHANNEL, root.ts)] == ["reply"]


def test_an_update_redraws_the_message_and_leaves_the_old_drawing_alone(room: Room) -> None:
    before = room.post("open", blocks=[actions(button())])

    room.client.chat_update(channel=CHANNEL, ts=before.ts, text="done", blocks=[section("done")])

    [after] = room.slack.messages(CHANNEL)
    assert (before.text, after.text) == ("open", "done")
    assert after.edited_ts is not None


def test_an_update_with_text_alone_takes_the_blocks_away(room: Room) -> None:
    before = room.post("open", blocks=[actions(button())])

    room.client.chat_update(channel=CHANNEL, ts=before.ts, text="done")

    [after] = room.slack.messages(CHANNEL)
    assert after.blocks == []


def test_metadata_survives_an_update_that_does_not_name_it(room: Room) -> None:
    before = room.post("open", metadata=METADATA)

    room.client.chat_update(channel=CHANNEL, ts=before.ts, text="done")

    [after] = room.slack.messages(CHANNEL)
    assert after.metadata == METADATA


def test_incomplete_metadata_is_refused(room: Room) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.post("open", metadata={"event_type": "alert"})

    assert error_of(refusal.value) == "invalid_metadata_format"


def test_history_tells_metadata_only_when_asked(room: Room) -> None:
    room.post("open", metadata=METADATA)

    [quiet] = room.client.conversations_history(channel=CHANNEL)["messages"]
    [full] = room.client.conversations_history(channel=CHANNEL, include_all_metadata=True)[
        "messages"
    ]

    assert "metadata" not in quiet
    assert full["metadata"] == METADATA


def test_history_is_newest_first_bounded_and_in_pages(room: Room) -> None:
    first = room.post("1")
    for text in ("2", "3", "4"):
        room.post(text)

    page = room.client.conversations_history(channel=CHANNEL, oldest=first.ts, limit=2)
    cursor = page["response_metadata"]["next_cursor"]
    rest = room.client.conversations_history(
        channel=CHANNEL, oldest=first.ts, limit=2, cursor=cursor
    )
    all_of_them = room.client.conversations_history(
        channel=CHANNEL, oldest=first.ts, inclusive=True
    )

    assert [message["text"] for message in page["messages"]] == ["4", "3"]
    assert [message["text"] for message in rest["messages"]] == ["2"]
    assert not rest["has_more"]
    assert len(all_of_them["messages"]) == 4


def test_replies_begin_with_the_message_that_is_replied_to(room: Room) -> None:
    root = room.post("root")
    room.post("reply", thread_ts=root.ts)

    told = room.client.conversations_replies(channel=CHANNEL, ts=root.ts)["messages"]

    assert [message["text"] for message in told] == ["root", "reply"]


def test_only_one_person_sees_a_whisper(room: Room) -> None:
    room.client.chat_postEphemeral(channel=CHANNEL, user=ADA, text="psst")

    assert [whisper.text for whisper in room.slack.whispers(ADA)] == ["psst"]
    assert room.slack.whispers(BOB) == []
    assert room.slack.messages(CHANNEL) == []


def test_a_post_to_a_person_lands_in_the_conversation_with_them(room: Room) -> None:
    channel = room.client.conversations_open(users=[ADA])["channel"]["id"]

    posted = room.client.chat_postMessage(channel=ADA, text="hello Ada")

    assert posted["channel"] == channel
    assert [message.text for message in room.slack.messages(channel)] == ["hello Ada"]


def test_a_deleted_message_is_gone(room: Room) -> None:
    message = room.post()

    room.client.chat_delete(channel=CHANNEL, ts=message.ts)

    assert room.slack.messages(CHANNEL) == []


def test_pins_are_listed(room: Room) -> None:
    root = room.post("root")
    reply = room.post("reply", thread_ts=root.ts)

    room.slack.pin(reply)

    [pinned] = room.client.pins_list(channel=CHANNEL)["items"]
    assert pinned["message"]["text"] == "reply"


def test_a_permalink_leads_to_the_message(room: Room) -> None:
    message = room.post()

    link = room.client.chat_getPermalink(channel=CHANNEL, message_ts=message.ts)["permalink"]

    assert link.endswith(f"{CHANNEL}/p{message.ts.replace('.', '')}")


def test_each_change_is_announced(room: Room) -> None:
    changes: list[str] = []
    room.slack.subscribe(lambda: changes.append("changed"))

    room.post()

    assert changes == ["changed"]


def test_a_bot_that_was_invited_again_can_post_again(room: Room) -> None:
    room.slack.remove_bot(CHANNEL)

    room.slack.invite_bot(CHANNEL)

    assert room.post().text == "hello"
