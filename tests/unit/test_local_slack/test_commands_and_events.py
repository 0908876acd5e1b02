import time
from typing import Any

import pytest
from slack_bolt import Ack, Respond
from slack_sdk.webhook import WebhookClient

from infra.local.slack.local_slack import SignedRequest, sign
from tests.unit.test_local_slack.room import (
    ADA,
    BOB,
    CHANNEL,
    SECRET,
    Room,
    actions,
    button,
    section,
)


def listen(room: Room) -> None:
    @room.app.command("/watch")
    def on_command(ack: Ack, body: dict[str, Any]) -> None:
        room.heard.append(body)
        ack()


def test_a_command_carries_who_where_and_what(room: Room) -> None:
    listen(room)

    answer = room.slack.command("/watch", "status", user=ADA, channel=CHANNEL)

    [body] = room.heard
    assert answer.is_ok
    assert (body["text"], body["user_id"], body["channel_id"]) == ("status", ADA, CHANNEL)
    assert body["channel_name"] == "ml-alerts"


@pytest.mark.parametrize("said", ["All is well.", {"text": "All is well."}])
def test_what_a_command_answers_at_once_is_whispered(
    room: Room, said: str | dict[str, str]
) -> None:
    @room.app.command("/watch")
    def on_command(ack: Ack) -> None:
        ack(said)

    room.slack.command("/watch", user=ADA, channel=CHANNEL)

    assert [whisper.text for whisper in room.slack.whispers(ADA)] == ["All is well."]
    assert room.slack.messages(CHANNEL) == []


def test_a_malformed_answer_to_a_command_is_a_fault_of_the_app(room: Room) -> None:
    @room.app.command("/watch")
    def on_command(ack: Ack) -> None:
        ack(text="x", blocks=[section("")])

    room.slack.command("/watch", user=ADA, channel=CHANNEL)

    [rejection] = room.slack.rejections
    assert "a text must not be empty" in rejection.problems[-1]


def test_names_in_a_command_arrive_as_ids(room: Room) -> None:
    listen(room)
    room.slack.add_group("S0ONCALL", "ml-oncall", [ADA])

    typed = "assign @bob, tell @ml-oncall in #ml-alerts and <@U3> not @nobody or a@ada"
    room.slack.command("/watch", typed, user=ADA, channel=CHANNEL)

    arrived = "assign <@U2>, tell <!subteam^S0ONCALL> in <#C0ALERTS> and <@U3> not @nobody or a@ada"
    assert room.heard[0]["text"] == arrived


def test_a_response_url_can_speak_to_all_and_to_one(room: Room) -> None:
    @room.app.command("/watch")
    def on_command(ack: Ack, respond: Respond) -> None:
        ack()
        respond("for you")
        respond("for all", response_type="in_channel")

    room.slack.command("/watch", user=ADA, channel=CHANNEL)

    assert [whisper.text for whisper in room.slack.whispers(ADA)] == ["for you"]
    assert [message.text for message in room.slack.messages(CHANNEL)] == ["for all"]


def test_a_response_url_can_replace_and_delete_the_message_it_came_from(room: Room) -> None:
    @room.app.action("replace")
    def on_replace(ack: Ack, respond: Respond) -> None:
        ack()
        respond("replaced", replace_original=True)

    @room.app.action("delete")
    def on_delete(ack: Ack, respond: Respond) -> None:
        ack()
        respond(delete_original=True)

    message = room.post("open", blocks=[actions(button("replace"), button("delete"))])

    room.slack.click("replace", user=ADA, message=message)
    [replaced] = room.slack.messages(CHANNEL)
    room.slack.click("delete", user=ADA, message=message)

    assert (replaced.text, replaced.blocks) == ("replaced", [])
    assert room.slack.messages(CHANNEL) == []


def response_url(room: Room) -> WebhookClient:
    url = room.slack.workspace.response_url(ADA, CHANNEL)
    return WebhookClient(url)


def test_a_response_url_works_five_times(room: Room) -> None:
    webhook = response_url(room)

    answers = [webhook.send(text="hello") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body


def test_a_response_url_works_for_half_an_hour(room: Room) -> None:
    webhook = response_url(room)
    room.clock.go_on(30 * 60 + 1)

    answer = webhook.send(text="too late")

    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


def test_an_invented_response_url_leads_nowhere(room: Room) -> None:
    webhook = WebhookClient(f"{room.slack.workspace.address}/response/R404")
    page = WebhookClient(f"{room.slack.workspace.address}/other")

    assert webhook.send(text="hello").status_code == 404
    assert page.send(text="hello").status_code == 404


def test_a_response_url_without_a_message_has_nothing_to_replace(room: Room) -> None:
    answer = response_url(room).send(text="hello", replace_original=True)

    assert (answer.status_code, "message_not_found" in answer.body) == (400, True)


def test_opening_the_home_is_an_event(room: Room) -> None:
    @room.app.event("app_home_opened")
    def on_open(event: dict[str, Any]) -> None:
        room.heard.append(event)
        room.client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [section("hello")]}
        )

    room.slack.open_home(ADA)
    room.slack.open_home(ADA)

    first, second = room.heard
    assert (first["user"], first["tab"]) == (ADA, "home")
    assert "view" not in first
    assert second["view"]["blocks"][0]["text"]["text"] == "hello"


def test_an_event_can_come_twice_with_or_without_saying_so(room: Room) -> None:
    @room.app.event("app_home_opened")
    def on_open(body: dict[str, Any]) -> None:
        room.heard.append(body)

    room.slack.open_home(ADA)
    room.slack.repeat_last_event()
    room.slack.repeat_last_event(under_new_id=True)

    retries = [request.headers.get("X-Slack-Retry-Num") for request in room.slack.sent]
    ids = [body["event_id"] for body in room.heard]
    assert retries == [None, "1", None]
    assert ids[0] == ids[1] != ids[2]
    assert len({body["event"]["event_ts"] for body in room.heard}) == 1


def test_there_must_be_an_event_to_repeat(room: Room) -> None:
    with pytest.raises(RuntimeError, match="no event"):
        room.slack.repeat_last_event()


def forged(room: Room, signed_with: str = SECRET, age_s: int = 0) -> SignedRequest:
    """Take the last request, signed anew."""
    last = room.slack.sent[-1]
    stamp = int(time.time()) - age_s
    return SignedRequest({**last.headers, **sign(last.body, signed_with, stamp)}, last.body)


def test_a_request_with_a_wrong_or_old_signature_is_turned_away(room: Room) -> None:
    listen(room)
    room.slack.command("/watch", user=ADA, channel=CHANNEL)

    wrong = room.slack.post(forged(room, signed_with="another"))
    old = room.slack.post(forged(room, age_s=301))

    assert (wrong.status, old.status) == (401, 401)
    assert len(room.heard) == 1


def test_a_request_can_be_replayed(room: Room) -> None:
    listen(room)
    room.slack.command("/watch", user=BOB, channel=CHANNEL)

    answer = room.slack.post(room.slack.sent[-1])

    assert answer.is_ok
    assert len(room.heard) == 2


def test_a_command_typed_to_the_bot_alone_comes_from_that_conversation(room: Room) -> None:
    listen(room)

    room.slack.command("/watch", user=ADA, channel="D1")

    assert room.heard[0]["channel_name"] == "directmessage"
