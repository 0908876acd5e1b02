from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk.errors import SlackApiError

from infra.local.slack.local_slack import NotOnScreen
from tests.unit.test_local_slack.room import (
    ADA,
    BOB,
    Room,
    error_of,
    field_for,
    home,
    menu,
    modal,
    plain,
    section,
    text_input,
)


def listen(room: Room, **answer: Any) -> None:
    """Let the app note every submission and answer it so."""

    @room.app.view("form")
    def on_submit(ack: Ack, view: dict[str, Any]) -> None:
        room.heard.append(view)
        ack(**answer)


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


def test_submitting_sends_every_input_and_closes_the_modal(room: Room) -> None:
    listen(room)
    choice = menu("noise", "real", kind="static_select", action_id="pick")
    choice["initial_option"] = choice["options"][1]
    room.open_modal(
        modal(
            field_for(text_input()),
            field_for(choice, "what"),
            field_for(text_input("more"), "else", optional=True),
        )
    )

    answer = room.slack.submit(ADA, {"why": {"text": "drift"}})

    [view] = room.heard
    values = view["state"]["values"]
    assert answer.is_ok
    assert values["why"]["text"] == {"type": "plain_text_input", "value": "drift"}
    assert values["what"]["pick"]["selected_option"]["value"] == "real"
    assert values["else"]["more"]["value"] is None
    assert room.slack.view_of(ADA) is None


EVERY_KIND = [
    (menu("a", "b", kind="radio_buttons"), "b", "selected_option"),
    (menu("a", "b", kind="checkboxes"), ["a", "b"], "selected_options"),
    (menu("a", "b", kind="multi_static_select"), ["b"], "selected_options"),
    ({"type": "users_select", "action_id": "more"}, "U2", "selected_user"),
    ({"type": "multi_users_select", "action_id": "more"}, ["U2"], "selected_users"),
    ({"type": "conversations_select", "action_id": "more"}, "C1", "selected_conversation"),
    ({"type": "channels_select", "action_id": "more"}, "C1", "selected_channel"),
    ({"type": "external_select", "action_id": "more"}, "x", "selected_option"),
    ({"type": "datepicker", "action_id": "more"}, "2026-07-01", "selected_date"),
    ({"type": "timepicker", "action_id": "more"}, "12:00", "selected_time"),
    ({"type": "datetimepicker", "action_id": "more"}, 1_800_000_000, "selected_date_time"),
    (
        {"type": "number_input", "action_id": "more", "is_decimal_allowed": True},
        0.5,
        "value",
    ),
]


@pytest.mark.parametrize(("element", "choice", "held_in"), EVERY_KIND)
def test_every_kind_of_input_can_be_filled(
    room: Room, element: dict[str, Any], choice: object, held_in: str
) -> None:
    listen(room)
    room.open_modal(modal(field_for(element)))
    with pytest.raises(NotOnScreen, match="cannot be submitted without 'why'"):
        room.slack.submit(ADA)

    room.slack.submit(ADA, {"why": {"more": choice}})

    held = room.heard[0]["state"]["values"]["why"]["more"][held_in]
    chosen = held if isinstance(held, list) else [held]
    values = [each["value"] if isinstance(each, dict) else each for each in chosen]
    expected = choice if isinstance(choice, list) else [choice]
    assert values == ([str(choice)] if held_in == "value" else expected)


def test_an_input_that_is_not_there_cannot_be_filled(room: Room) -> None:
    room.open_modal(modal(field_for(text_input())))

    with pytest.raises(NotOnScreen, match="why/text"):
        room.slack.submit(ADA, {"why": {"other": "x"}})


def test_a_text_that_is_too_long_cannot_be_typed(room: Room) -> None:
    room.open_modal(modal(field_for(text_input(max_length=5))))

    with pytest.raises(NotOnScreen, match="0 to 5"):
        room.slack.submit(ADA, {"why": {"text": "longer"}})


def test_a_modal_without_a_submit_button_cannot_be_submitted(room: Room) -> None:
    notice = modal()
    del notice["submit"]
    room.open_modal(notice)

    with pytest.raises(NotOnScreen, match="no submit button"):
        room.slack.submit(ADA)


def test_errors_keep_the_modal_open_and_are_shown_under_the_inputs(room: Room) -> None:
    listen(room, response_action="errors", errors={"why": "Say more."})
    room.open_modal(modal(field_for(text_input())))

    room.slack.submit(ADA, {"why": {"text": "x"}})

    assert room.slack.view_errors(ADA) == {"why": "Say more."}
    view = room.slack.view_of(ADA)
    assert view is not None
    assert view["state"]["values"]["why"]["text"]["value"] == "x"


def test_errors_under_no_input_are_a_fault_of_the_app(room: Room) -> None:
    listen(room, response_action="errors", errors={"other": "Say more."})
    room.open_modal(modal(field_for(text_input())))

    room.slack.submit(ADA, {"why": {"text": "x"}})

    [rejection] = room.slack.rejections
    assert "other" in rejection.problems[1]


def test_an_answer_can_redraw_the_modal(room: Room) -> None:
    listen(room, response_action="update", view=modal(section("Thanks")))
    before = room.open_modal(modal(field_for(text_input())))

    room.slack.submit(ADA, {"why": {"text": "x"}})

    after = room.slack.view_of(ADA)
    assert after is not None
    assert after["blocks"][0]["text"]["text"] == "Thanks"
    assert after["id"] == before["id"]
    assert after["hash"] != before["hash"]


def test_an_answer_can_push_a_modal_and_closing_it_shows_the_one_below(room: Room) -> None:
    listen(room, response_action="push", view=modal(callback_id="second"))
    first = room.open_modal(modal())

    room.slack.submit(ADA)
    second = room.slack.view_of(ADA)
    room.slack.close_view(ADA)

    below = room.slack.view_of(ADA)
    assert second is not None
    assert (second["callback_id"], second["previous_view_id"]) == ("second", first["id"])
    assert below is not None
    assert below["id"] == first["id"]


def test_an_answer_can_clear_all_modals(room: Room) -> None:
    listen(room, response_action="clear")
    room.open_modal(modal(callback_id="below"))
    room.client.views_push(trigger_id=room.trigger(), view=modal())

    room.slack.submit(ADA)

    assert room.slack.view_of(ADA) is None


@pytest.mark.parametrize("answer", [{"response_action": "dance"}, {"response_action": "push"}])
def test_an_answer_that_slack_does_not_understand_is_a_fault_of_the_app(
    room: Room, answer: dict[str, Any]
) -> None:
    if answer["response_action"] == "push":
        answer = answer | {"view": modal(title=plain("x" * 25))}
    listen(room, **answer)
    room.open_modal(modal())

    room.slack.submit(ADA)

    assert room.slack.rejections


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
