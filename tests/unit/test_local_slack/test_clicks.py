from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from infra.local.slack.local_slack import NotOnScreen, Trouble
from tests.unit.test_local_slack.room import (
    ADA,
    BOB,
    CHANNEL,
    EVE,
    PRIVATE,
    Room,
    actions,
    button,
    field_for,
    home,
    menu,
    modal,
    section,
    text_input,
)


def listen(room: Room, action_id: str = "ack") -> None:
    """Let the app note every click of this element."""

    @room.app.action(action_id)
    def on_click(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        room.heard.append(body)


def test_a_click_arrives_signed_with_all_that_bolt_reads(room: Room) -> None:
    listen(room)
    message = room.post("open", blocks=[actions(button(value="alr_1", style="primary"))])

    answer = room.slack.click("ack", user=ADA, message=message)

    [body] = room.heard
    [action] = body["actions"]
    assert answer.status == 200
    assert (action["type"], action["value"], action["style"]) == ("button", "alr_1", "primary")
    assert action["block_id"] == message.blocks[0]["block_id"]
    assert body["user"]["id"] == ADA
    assert body["channel"] == {"id": CHANNEL, "name": "ml-alerts"}
    assert body["container"]["message_ts"] == body["message"]["ts"] == message.ts
    assert body["team"]["id"]
    assert body["api_app_id"]
    assert body["trigger_id"]
    assert body["response_url"].startswith("http://127.0.0.1:")


def test_a_click_in_a_thread_names_the_thread(room: Room) -> None:
    listen(room)
    root = room.post("root")
    reply = room.post("reply", blocks=[actions(button())], thread_ts=root.ts)

    room.slack.click("ack", user=ADA, message=reply)

    assert room.heard[0]["container"]["thread_ts"] == root.ts


def test_an_overflow_option_is_chosen_by_its_value(room: Room) -> None:
    listen(room, "more")
    message = room.post("open", blocks=[section("x", accessory=menu("p1", "p2"))])

    room.slack.click("more", user=ADA, message=message, option="p2")

    [action] = room.heard[0]["actions"]
    assert action["type"] == "overflow"
    assert action["selected_option"]["value"] == "p2"


def test_what_was_chosen_stays_in_the_state_of_the_message(room: Room) -> None:
    listen(room, "who")
    listen(room)
    people = {"type": "users_select", "action_id": "who", "initial_user": BOB}
    message = room.post("open", blocks=[actions(people, button()) | {"block_id": "row"}])

    room.slack.click("ack", user=ADA, message=message)
    room.slack.click("who", user=ADA, message=message, option=EVE)
    room.slack.click("ack", user=ADA, message=message)

    states = [body["state"]["values"]["row"]["who"]["selected_user"] for body in room.heard]
    assert states == [BOB, EVE, EVE]


def test_a_button_that_is_not_drawn_cannot_be_clicked(room: Room) -> None:
    message = room.post("open", blocks=[actions(button("resolve"))])

    with pytest.raises(NotOnScreen, match="resolve"):
        room.slack.click("ack", user=ADA, message=message)


def test_a_button_that_holds_another_value_cannot_be_clicked(room: Room) -> None:
    message = room.post("open", blocks=[actions(button(value="1"))])

    with pytest.raises(NotOnScreen, match="'1'"):
        room.slack.click("ack", user=ADA, message=message, value="2")


def test_an_option_that_is_not_on_offer_cannot_be_chosen(room: Room) -> None:
    message = room.post("open", blocks=[actions(menu("p1", "p2"))])

    with pytest.raises(NotOnScreen, match="'p1', 'p2'"):
        room.slack.click("more", user=ADA, message=message, option="p9")


def test_an_old_drawing_can_still_be_clicked(room: Room) -> None:
    listen(room)
    stale = room.post("open", blocks=[actions(button())])
    room.client.chat_update(channel=CHANNEL, ts=stale.ts, text="done")

    answer = room.slack.click("ack", user=BOB, message=stale)

    assert answer.is_ok
    assert room.heard[0]["message"]["text"] == "open"


def test_who_is_not_in_a_private_channel_cannot_click_there(room: Room) -> None:
    room.client.chat_postMessage(channel=PRIVATE, text="open", blocks=[actions(button())])
    [message] = room.slack.messages(PRIVATE)

    with pytest.raises(NotOnScreen, match=EVE):
        room.slack.click("ack", user=EVE, message=message)


def test_a_click_in_a_whisper_carries_no_message(room: Room) -> None:
    listen(room)
    room.client.chat_postEphemeral(
        channel=CHANNEL, user=ADA, text="retry?", blocks=[actions(button())]
    )
    [whisper] = room.slack.whispers(ADA)

    room.slack.click("ack", user=ADA, message=whisper)

    assert room.heard[0]["container"]["is_ephemeral"]
    assert "message" not in room.heard[0]
    with pytest.raises(NotOnScreen, match=BOB):
        room.slack.click("ack", user=BOB, message=whisper)


def test_two_people_can_click_at_the_same_moment(room: Room) -> None:
    at_once = Barrier(2, timeout=5)

    @room.app.action("ack")
    def on_click(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        at_once.wait()
        ack()
        ts = body["container"]["message_ts"]
        client.chat_update(channel=CHANNEL, ts=ts, text=f"by {body['user']['id']}")

    message = room.post("open", blocks=[actions(button())])
    with ThreadPoolExecutor(2) as people:
        clicks = [
            people.submit(room.slack.click, "ack", user=user, message=message)
            for user in (ADA, BOB)
        ]

    assert [click.result().status for click in clicks] == [200, 200]
    [after] = room.slack.messages(CHANNEL)
    assert after.text in {f"by {ADA}", f"by {BOB}"}


def test_a_click_nobody_listens_to_is_trouble_for_the_person(room: Room) -> None:
    message = room.post("open", blocks=[actions(button())])

    answer = room.slack.click("ack", user=ADA, message=message)

    assert answer.status == 404
    assert room.slack.troubles == [Trouble(ADA, "ack", "http_status_404")]


def test_an_answer_after_three_seconds_is_trouble_for_the_person(room: Room) -> None:
    @room.app.action("ack")
    def on_click(ack: Ack) -> None:
        room.clock.go_on(3.1)
        ack()

    message = room.post("open", blocks=[actions(button())])

    room.slack.click("ack", user=ADA, message=message)

    assert room.slack.troubles == [Trouble(ADA, "ack", "operation_timeout")]


def test_a_click_in_the_home_carries_the_view(room: Room) -> None:
    listen(room)
    room.client.views_publish(user_id=ADA, view=home(actions(button(value="1"))))

    room.slack.click_in_home("ack", user=ADA)

    assert room.heard[0]["view"]["type"] == "home"
    assert room.heard[0]["container"]["type"] == "view"
    with pytest.raises(NotOnScreen, match="no App Home"):
        room.slack.click_in_home("ack", user=BOB)


def test_a_click_in_a_modal_carries_what_was_entered_so_far(room: Room) -> None:
    listen(room)
    room.open_modal(modal(field_for(text_input(initial_value="because")), actions(button())))

    room.slack.fill(ADA, {"why": {"text": "drift"}})
    room.slack.click_in_view("ack", user=ADA)

    assert room.heard[0]["view"]["state"]["values"]["why"]["text"]["value"] == "drift"
    with pytest.raises(NotOnScreen, match="no modal"):
        room.slack.click_in_view("ack", user=BOB)


def test_a_shortcut_carries_the_message_it_was_chosen_on(room: Room) -> None:
    @room.app.shortcut("report")
    def on_shortcut(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        room.heard.append(body)

    said = room.slack.say(BOB, CHANNEL, "the model is odd")
    room.slack.shortcut("report", ADA, said)
    room.slack.shortcut("report", ADA)

    on_message, anywhere = room.heard
    assert on_message["type"] == "message_action"
    assert on_message["message"]["text"] == "the model is odd"
    assert on_message["message"]["user"] == BOB
    assert anywhere["type"] == "shortcut"
    assert "message" not in anywhere
