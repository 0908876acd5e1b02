from http.client import RemoteDisconnected
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.unit.test_local_slack.room import CHANNEL, PRIVATE, TOKEN, Room, error_of


@pytest.fixture
def blunt(room: Room) -> WebClient:
    """A client that never tries again by itself."""
    return WebClient(TOKEN, base_url=room.slack.api_url, retry_handlers=[])


def test_a_second_message_within_a_second_is_told_to_come_back(room: Room) -> None:
    room.post()

    with pytest.raises(SlackApiError) as refusal:
        room.client.chat_postMessage(channel=CHANNEL, text="too soon")

    assert refusal.value.response.status_code == 429
    assert refusal.value.response.headers["Retry-After"] == "1"
    assert len(room.slack.messages(CHANNEL)) == 1


def test_another_channel_has_its_own_second(room: Room) -> None:
    room.post()

    room.client.chat_postMessage(channel=PRIVATE, text="not too soon")

    assert len(room.slack.messages(PRIVATE)) == 1


def test_a_second_later_the_channel_takes_the_next_message(room: Room) -> None:
    room.post()
    room.clock.go_on(1)

    room.client.chat_postMessage(channel=CHANNEL, text="in time")

    assert len(room.slack.messages(CHANNEL)) == 2


def test_the_twenty_first_call_of_a_tier_2_method_in_a_minute_waits_for_the_first_to_age(
    room: Room,
) -> None:
    room.client.users_list()
    room.clock.go_on(20)
    for _ in range(19):
        room.client.users_list()

    with pytest.raises(SlackApiError) as refusal:
        room.client.users_list()
    room.clock.go_on(40)

    assert refusal.value.response.headers["Retry-After"] == "40"
    assert room.client.users_list()["ok"]


def test_a_test_can_make_slack_too_busy(room: Room) -> None:
    room.slack.faults.rate_limited(retry_after=30)

    with pytest.raises(SlackApiError) as refusal:
        room.post()

    assert refusal.value.response.headers["Retry-After"] == "30"
    assert room.post().text == "hello"


def test_slack_can_post_and_yet_answer_500(room: Room) -> None:
    room.slack.faults.next("chat.postMessage", status=500, after_posting=True)

    with pytest.raises(SlackApiError):
        room.post()

    assert len(room.slack.messages(CHANNEL)) == 1


def test_slack_can_answer_500_and_not_post(room: Room) -> None:
    room.slack.faults.next("chat.postMessage", status=500)

    with pytest.raises(SlackApiError):
        room.post()

    assert room.slack.messages(CHANNEL) == []


def test_slack_can_post_and_never_answer(room: Room, blunt: WebClient) -> None:
    room.slack.faults.next("chat.postMessage", hang_up=True, after_posting=True)

    with pytest.raises((RemoteDisconnected, URLError)):
        blunt.chat_postMessage(channel=CHANNEL, text="hello")

    assert len(room.slack.messages(CHANNEL)) == 1


def test_an_error_can_be_asked_for_several_times(room: Room) -> None:
    room.slack.faults.next("chat.postMessage", error="channel_not_found", times=2)

    for _ in range(2):
        with pytest.raises(SlackApiError) as refusal:
            room.post()
        assert error_of(refusal.value) == "channel_not_found"

    assert room.post().text == "hello"


def test_a_fault_of_one_method_leaves_the_others_alone(room: Room) -> None:
    room.slack.faults.next("chat.update", error="edit_window_closed")

    assert room.post().text == "hello"


def test_slack_can_be_down_and_come_back(room: Room) -> None:
    room.slack.faults.down(True)
    with pytest.raises(SlackApiError) as refusal:
        room.client.auth_test()
    room.slack.faults.down(False)

    assert refusal.value.response.status_code == 503
    assert room.client.auth_test()["ok"]


def test_a_call_that_failed_is_in_the_log_with_its_answer(room: Room) -> None:
    room.slack.faults.next("chat.postMessage", status=500)
    with pytest.raises(SlackApiError):
        room.post()

    [call] = room.slack.api.log
    assert call.method == "chat.postMessage"
    assert call.reply is not None
    assert call.reply.status == 500
