from typing import Any

import pytest
from slack_bolt import Ack

from infra.local.slack.local_slack import NotOnScreen
from tests.unit.test_local_slack.room import (
    ADA,
    Room,
    field_for,
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


def test_an_input_can_be_emptied_again(room: Room) -> None:
    listen(room)
    room.open_modal(
        modal(
            field_for(text_input(initial_value="drift"), optional=True),
            field_for(menu("a", kind="checkboxes"), "boxes", optional=True),
        )
    )

    room.slack.submit(ADA, {"why": {"text": ""}, "boxes": {"more": []}})

    values = room.heard[0]["state"]["values"]
    assert values["why"]["text"]["value"] is None
    assert values["boxes"]["more"]["selected_options"] == []


def test_rich_text_is_handed_on_as_it_is(room: Room) -> None:
    listen(room)
    section = {"type": "rich_text_section", "elements": []}
    first = {"type": "rich_text", "elements": [section]}
    element = {"type": "rich_text_input", "action_id": "text", "initial_value": first}
    room.open_modal(modal(field_for(element), field_for(element | {"action_id": "b"}, "b")))
    written = {"type": "rich_text", "elements": [section, section]}

    room.slack.submit(ADA, {"why": {"text": written}})

    values = room.heard[0]["state"]["values"]
    assert values["why"]["text"]["rich_text_value"] == written
    assert values["b"]["b"]["rich_text_value"] == first


def test_without_a_modal_there_is_nothing_to_submit(room: Room) -> None:
    with pytest.raises(NotOnScreen, match="no modal"):
        room.slack.submit(ADA)


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


def test_a_modal_opened_while_submitting_stays(room: Room) -> None:
    @room.app.view("form")
    def on_submit(ack: Ack, body: dict[str, Any]) -> None:
        room.client.views_open(trigger_id=body["trigger_id"], view=modal(callback_id="next"))
        ack()

    room.open_modal(modal())

    room.slack.submit(ADA)

    view = room.slack.view_of(ADA)
    assert view is not None
    assert view["callback_id"] == "next"


def test_a_fourth_modal_pushed_by_an_answer_is_trouble_for_the_person(room: Room) -> None:
    listen(room, response_action="push", view=modal())
    room.open_modal(modal())

    for _ in range(3):
        room.slack.submit(ADA)

    assert [trouble.why for trouble in room.slack.troubles] == ["push_limit_reached"]


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
