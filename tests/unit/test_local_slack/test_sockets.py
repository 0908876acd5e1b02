from collections.abc import Iterator
from dataclasses import dataclass
from threading import Semaphore
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.unit.test_local_slack.room import ADA, CHANNEL, TOKEN, Room, actions, button, error_of

APP_TOKEN = "xapp-local"  # noqa: S105 - opens nothing but the local Slack


@dataclass
class Socket:
    """Slack's own client, which acknowledges and notes what comes."""

    client: SocketModeClient
    greeted: Semaphore

    def wait_for_hello(self) -> None:
        """Wait until the server greets, then let reads end soon: closing waits for them."""
        assert self.greeted.acquire(timeout=5)
        connection = self.client.current_session
        assert connection is not None
        assert connection.sock is not None
        connection.sock.settimeout(0.02)


@pytest.fixture
def socket(room: Room) -> Iterator[Socket]:
    client = SocketModeClient(
        app_token=APP_TOKEN,
        web_client=WebClient(base_url=room.slack.api_url),
        auto_reconnect_enabled=False,
        concurrency=1,
    )
    socket = Socket(client, Semaphore(0))

    def listen(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        room.heard.append({"type": request.type, **request.payload})
        payload: dict[str, Any] = {"text": "heard"} if request.type == "slash_commands" else {}
        answer = SocketModeResponse(envelope_id=request.envelope_id, payload=payload or None)
        client.send_socket_mode_response(answer)

    def note_hello(message: str) -> None:
        if '"hello"' in message:
            socket.greeted.release()

    client.on_message_listeners.append(note_hello)
    client.socket_mode_request_listeners.append(listen)
    client.connect()
    socket.wait_for_hello()
    yield socket
    client.closed = True
    client.message_queue.put(None)  # wakes its worker, which otherwise ends after a second
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


def test_silence_on_the_socket_is_trouble_for_the_person(room: Room, socket: Socket) -> None:
    socket.client.socket_mode_request_listeners.clear()
    room.slack.sockets.ack_within_s = 0.05

    answer = room.slack.command("/watch", user=ADA, channel=CHANNEL)

    assert answer.status == 504
    assert [trouble.why for trouble in room.slack.troubles] == ["http_status_504"]


def test_a_client_that_is_asked_to_connects_anew(room: Room, socket: Socket) -> None:
    room.slack.sockets.refresh()
    socket.wait_for_hello()

    assert len(room.slack.calls("apps.connections.open")) == 2
    assert room.slack.command("/watch", user=ADA, channel=CHANNEL).is_ok


def test_an_address_of_a_socket_works_once(room: Room) -> None:
    url = room.client.apps_connections_open(app_token=APP_TOKEN)["url"]
    ticket = url.rpartition("/")[2]

    assert [room.slack.sockets.admit(ticket) for _ in range(2)] == [True, False]


def test_a_bot_token_opens_no_socket(room: Room) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.client.apps_connections_open(app_token=TOKEN)

    assert error_of(refusal.value) == "invalid_auth"
