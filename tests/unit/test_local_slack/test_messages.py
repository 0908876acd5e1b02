from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.unit.test_local_slack.room import (
    ADA,
    BOB,
    CHANNEL,
    EVE,
    PRIVATE,
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


def _post_archived(room: Room) -> None:
    room.slack.archive_channel(CHANNEL)
    room.post()


def _post_outside(room: Room) -> None:
    room.slack.remove_bot(CHANNEL)
    room.post()


def _post_removed(room: Room) -> None:
    room.slack.remove_channel(CHANNEL)
    room.post()


def _post_private_outside(room: Room) -> None:
    room.slack.remove_bot(PRIVATE)
    room.client.chat_postMessage(channel=PRIVATE, text="hello")


def _update_deleted(room: Room) -> None:
    message = room.post()
    room.slack.delete_message(CHANNEL, message.ts)
    room.client.chat_update(channel=CHANNEL, ts=message.ts, text="new")


def _update_a_persons(room: Room) -> None:
    theirs = room.slack.say(ADA, CHANNEL, "mine")
    room.client.chat_update(channel=CHANNEL, ts=theirs.ts, text="new")


def _delete_a_persons(room: Room) -> None:
    theirs = room.slack.say(ADA, CHANNEL, "mine")
    room.client.chat_delete(channel=CHANNEL, ts=theirs.ts)


def _update_whisper(room: Room) -> None:
    ts = room.client.chat_postEphemeral(channel=CHANNEL, user=ADA, text="psst")["message_ts"]
    room.client.chat_update(channel=CHANNEL, ts=ts, text="new")


def _reply_to_deleted(room: Room) -> None:
    message = room.post()
    room.slack.delete_message(CHANNEL, message.ts)
    room.post("reply", thread_ts=message.ts)


def _reply_to_reply(room: Room) -> None:
    root = room.post()
    reply = room.post("reply", thread_ts=root.ts)
    room.post("again", thread_ts=reply.ts)


def _whisper_to_stranger(room: Room) -> None:
    room.client.chat_postEphemeral(channel=PRIVATE, user=EVE, text="psst")


def _whisper_to_gone(room: Room) -> None:
    room.slack.add_user("U9", "Gone", is_active=False)
    room.client.chat_postEphemeral(channel=CHANNEL, user="U9", text="psst")


def _replies_to_nothing(room: Room) -> None:
    room.client.conversations_replies(channel=CHANNEL, ts="1.000000")


def _link_to_nothing(room: Room) -> None:
    room.client.chat_getPermalink(channel=CHANNEL, message_ts="1.000000")


def _post_with_wrong_token(room: Room) -> None:
    WebClient("xoxb-stolen", base_url=room.slack.api_url).auth_test()


def _post_without_token(room: Room) -> None:
    WebClient(base_url=room.slack.api_url).auth_test()


def _unknown_method(room: Room) -> None:
    room.client.api_call("chat.shout")


def _no_channel(room: Room) -> None:
    room.client.api_call("chat.postMessage", json={"text": "hello"})


def _broken_json(room: Room) -> None:
    room.client.api_call("chat.postMessage", params={"channel": CHANNEL, "blocks": "[{"})


def _blocks_of_wrong_shape(room: Room) -> None:
    room.client.api_call("chat.postMessage", params={"channel": CHANNEL, "blocks": '["x"]'})


def _open_with_stranger(room: Room) -> None:
    room.client.conversations_open(users=["U404"])


def _open_with_many(room: Room) -> None:
    room.client.conversations_open(users=[ADA, BOB])


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (_post_archived, "is_archived"),
        (_post_outside, "not_in_channel"),
        (_post_removed, "channel_not_found"),
        (_post_private_outside, "channel_not_found"),
        (_update_deleted, "message_not_found"),
        (_update_a_persons, "cant_update_message"),
        (_delete_a_persons, "cant_delete_message"),
        (_update_whisper, "message_not_found"),
        (_reply_to_deleted, "thread_not_found"),
        (_reply_to_reply, "cannot_reply_to_message"),
        (_whisper_to_stranger, "user_not_in_channel"),
        (_whisper_to_gone, "user_not_in_channel"),
        (_replies_to_nothing, "thread_not_found"),
        (_link_to_nothing, "message_not_found"),
        (_post_with_wrong_token, "invalid_auth"),
        (_post_without_token, "not_authed"),
        (_unknown_method, "unknown_method"),
        (_no_channel, "invalid_arguments"),
        (_broken_json, "invalid_arguments"),
        (_blocks_of_wrong_shape, "invalid_blocks_format"),
        (_open_with_stranger, "user_not_found"),
        (_open_with_many, "method_not_supported_for_channel_type"),
    ],
)
def test_slack_refuses(room: Room, act: Callable[[Room], Any], error: str) -> None:
    with pytest.raises(SlackApiError) as refusal:
        act(room)

    assert error_of(refusal.value) == error


def test_a_bot_that_was_invited_again_can_post_again(room: Room) -> None:
    room.slack.remove_bot(CHANNEL)

    room.slack.invite_bot(CHANNEL)

    assert room.post().text == "hello"
