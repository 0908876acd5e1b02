from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk.errors import SlackApiError

from tests.unit.test_local_slack.room import (
    ADA,
    BOB,
    Room,
    error_of,
    field_for,
    home,
    modal,
    section,
    text_input,
)


def test_a_modal_opens_in_front_of_the_one_who_clicked(room: Room) -> None:
    room.open_modal(modal(private_metadata="alr_1"))

    view = room.slack.view_of(ADA)
    assert view is not None
    assert (view["callback_id"], view["private_metadata"]) == ("form", "alr_1")
    assert room.slack.view_of(BOB) is None


def test_a_trigger_dies_after_three_seconds(room: Room) -> None:
    trigger = room.trigger()
    room.clock.go_on(3.1)

    with pytest.raises(SlackApiError) as refusal:
        room.client.views_open(trigger_id=trigger, view=modal())

    assert error_of(refusal.value) == "expired_trigger_id"
    assert room.slack.view_of(ADA) is None


def test_a_trigger_works_once(room: Room) -> None:
    trigger = room.trigger()
    room.client.views_open(trigger_id=trigger, view=modal())

    with pytest.raises(SlackApiError) as refusal:
        room.client.views_open(trigger_id=trigger, view=modal())

    assert error_of(refusal.value) == "exchanged_trigger_id"


def test_an_invented_trigger_is_refused(room: Room) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.client.views_open(trigger_id="1.2.3", view=modal())

    assert error_of(refusal.value) == "invalid_trigger_id"


def test_the_app_hears_of_a_modal_that_was_closed_if_it_asked(room: Room) -> None:
    @room.app.view_closed("form")
    def on_close(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        room.heard.append(body)

    room.open_modal(modal(notify_on_close=True))
    room.slack.close_view(ADA)
    room.open_modal(modal())
    room.slack.close_view(ADA)

    [body] = room.heard
    assert body["type"] == "view_closed"


def test_a_redraw_keeps_what_was_typed_where_the_input_stays(room: Room) -> None:
    opened = room.open_modal(modal(field_for(text_input())))
    room.slack.fill(ADA, {"why": {"text": "typed"}})

    room.client.views_update(
        view_id=opened["id"], view=modal(field_for(text_input()), section("more"))
    )

    view = room.slack.view_of(ADA)
    assert view is not None
    assert view["state"]["values"]["why"]["text"]["value"] == "typed"


def test_a_view_is_found_by_its_external_id(room: Room) -> None:
    room.open_modal(modal(external_id="loading-1"))

    room.client.views_update(external_id="loading-1", view=modal(section("loaded")))

    view = room.slack.view_of(ADA)
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "loaded"


def _push_fourth(room: Room) -> None:
    room.open_modal(modal())
    for _ in range(3):
        room.client.views_push(trigger_id=room.trigger(), view=modal())


def _push_on_nothing(room: Room) -> None:
    room.client.views_push(trigger_id=room.trigger(), view=modal())


def _update_old_drawing(room: Room) -> None:
    opened = room.open_modal(modal())
    room.client.views_update(view_id=opened["id"], view=modal(), hash=opened["hash"])
    room.client.views_update(view_id=opened["id"], view=modal(), hash=opened["hash"])


def _update_closed(room: Room) -> None:
    opened = room.open_modal(modal())
    room.slack.close_view(ADA)
    room.client.views_update(view_id=opened["id"], view=modal())


def _publish_old_drawing(room: Room) -> None:
    room.client.views_publish(user_id=ADA, view=home(section("1")))
    room.client.views_publish(user_id=ADA, view=home(section("2")), hash="h.old")


def _publish_to_stranger(room: Room) -> None:
    room.client.views_publish(user_id="U404", view=home(section("1")))


def _publish_modal(room: Room) -> None:
    room.client.views_publish(user_id=ADA, view=modal())


def _open_too_large(room: Room) -> None:
    many = [section(f"{number:>3}" + "x" * 2900) for number in range(90)]
    room.open_modal(modal(*many))


def _open_nothing(room: Room) -> None:
    room.client.api_call("views.open", json={"trigger_id": room.trigger()})


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (_push_fourth, "push_limit_reached"),
        (_push_on_nothing, "not_found"),
        (_update_old_drawing, "hash_conflict"),
        (_update_closed, "not_found"),
        (_publish_old_drawing, "hash_conflict"),
        (_publish_to_stranger, "user_not_found"),
        (_publish_modal, "invalid_arguments"),
        (_open_too_large, "view_too_large"),
        (_open_nothing, "invalid_arguments"),
    ],
)
def test_slack_refuses(room: Room, act: Callable[[Room], None], error: str) -> None:
    with pytest.raises(SlackApiError) as refusal:
        act(room)

    assert error_of(refusal.value) == error


def test_each_person_has_a_home_of_their_own(room: Room) -> None:
    room.client.views_publish(user_id=ADA, view=home(section("yours")))
    room.client.views_publish(user_id=ADA, view=home(section("yours, again")))

    shown = room.slack.home_of(ADA)
    assert shown is not None
    assert shown["blocks"][0]["text"]["text"] == "yours, again"
    assert room.slack.home_of(BOB) is None
