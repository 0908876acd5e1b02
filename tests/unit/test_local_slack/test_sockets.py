from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.unit.test_local_slack.room import ADA, CHANNEL, Room, actions, button, error_of


@pytest.fixture
def socket(room: Room) -> Iterator[SocketModeClient]:
    """Slack's own client, connected, that acknowledges and notes what comes."""
    client = SocketModeClient(
        app_token="xapp-local",
        web_client=WebClient(base_url=room.slack.api_url),
        auto_reconnect_enabled=False,
        concurrency=1,
    )

    def listen(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        room.heard.append({"type": request.type, **request.payload})
        payload: dict[str, Any] = {"text": "heard"} if request.type == "slash_commands" else {}
        answer = SocketModeResponse(envelope_id=request.envelope_id, payload=payload or None)
        client.send_socket_mode_response(answer)

    client.socket_mode_request_listeners.append(listen)
    client.connect()
    yield client
    client.close()


@pytest.mark.usefixtures("socket")
def test_a_click_goes_through_the_socket(room: Room) -> None:
    message = room.post("open", blocks=[actions(button(value="alr_1" * 300))])

    answer = room.slack.click("ack", user=ADA, message=message)

    [body] = room.heard
    assert answer.status == 200
    assert body["actions"][0]["value"] == "alr_1" * 300
    assert room.slack.sent == []


@pytest.mark.usefixtures("socket")
def test_a_command_is_answered_through_the_socket(room: Room) -> None:
    room.slack.command("/watch", "status", user=ADA, channel=CHANNEL)

    assert room.heard[0]["command"] == "/watch"
    assert [whisper.text for whisper in room.slack.whispers(ADA)] == ["heard"]


@pytest.mark.usefixtures("socket")
def test_an_event_goes_through_the_socket_and_again(room: Room) -> None:
    room.slack.open_home(ADA)
    room.slack.repeat_last_event()

    first, second = room.heard
    assert first["event"]["type"] == "app_home_opened"
    assert first["event_id"] == second["event_id"]


def test_silence_on_the_socket_is_trouble_for_the_person(
    room: Room, socket: SocketModeClient
) -> None:
    socket.socket_mode_request_listeners.clear()
    room.slack.sockets.ack_within_s = 0.05

    answer = room.slack.command("/watch", user=ADA, channel=CHANNEL)

    assert answer.status == 504
    assert [trouble.why for trouble in room.slack.troubles] == ["http_status_504"]


def test_a_client_that_is_asked_to_connects_anew(room: Room, socket: SocketModeClient) -> None:
    first = socket.session_id()
    hellos: list[str] = []
    socket.on_message_listeners.append(hellos.append)

    room.slack.sockets.refresh()
    wait_until(lambda: len(room.slack.calls("apps.connections.open")) == 2)
    wait_until(lambda: socket.session_id() != first)

    assert room.slack.command("/watch", user=ADA, channel=CHANNEL).is_ok


def test_a_bot_token_opens_no_socket(room: Room) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.client.apps_connections_open(app_token="xoxb-local")

    assert error_of(refusal.value) == "invalid_auth"
