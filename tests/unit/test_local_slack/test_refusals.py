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
    error_of,
)


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
