from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from infra.local.slack.validation.payloads import block_problems, view_problems
from tests.unit.test_local_slack.room import (
    CHANNEL,
    Room,
    actions,
    button,
    error_of,
    field_for,
    home,
    menu,
    modal,
    option,
    plain,
    section,
    text_input,
)

DIALOG = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes")}
DIALOG |= {"deny": plain("No")}
CELL = {"type": "raw_text", "text": "a"}
RICH_CELL = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "b"}]}],
}
PICTURE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a curve"}
SELECT = menu("a", "b", kind="static_select", action_id="select")


def table(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "table", "rows": list(rows), "column_settings": [{"align": "right"}]}


WELL_FORMED = [
    {"type": "header", "text": plain("Drift")},
    section("text", accessory=menu("a")),
    {"type": "section", "fields": [section("a")["text"], section("b")["text"]]},
    {"type": "context", "elements": [section("small")["text"], PICTURE]},
    {"type": "divider"},
    actions(button(style="danger", value="1", confirm=DIALOG), SELECT),
    table([CELL, RICH_CELL], [CELL, CELL]),
    {"type": "markdown", "text": "**bold**"},
    PICTURE | {"title": plain("A curve")},
]


def test_a_well_formed_message_passes_all_validators() -> None:
    assert block_problems(WELL_FORMED, "message") == []


def test_a_well_formed_modal_and_home_pass_all_validators() -> None:
    form = modal(
        field_for(text_input(multiline=True, max_length=3000), hint=plain("Briefly")),
        field_for(menu("a", kind="radio_buttons"), "radio"),
        {"type": "alert", "text": section("Careful")["text"], "level": "warning"},
        close=plain("Cancel"),
        private_metadata="x",
        notify_on_close=True,
    )

    assert view_problems(form) == []
    assert view_problems(home(*WELL_FORMED[:6])) == []


MALFORMED: list[tuple[str, list[Any]]] = [
    ("unknown type 'sectoin'", [{"type": "sectoin"}]),
    ("foo: unknown key", [section("x", foo=1)]),
    ("accessory.foo: unknown key", [section("x", accessory=menu("a") | {"foo": 1})]),
    ("text or fields", [{"type": "section"}]),
    ("3000", [section("x" * 3001)]),
    ("at most 2000", [{"type": "section", "fields": [section("x" * 2001)["text"]]}]),
    ("at least one item", [actions()]),
    ("style", [actions(button(style="green"))]),
    ("2000", [actions(button(value="x" * 2001))]),
    ("75", [actions(button(text=plain("x" * 76)))]),
    ("should be one of", [{"type": "header", "text": section("x")["text"]}]),
    ("150", [{"type": "header", "text": plain("x" * 151)}]),
    ("text attribute must be specified", [{"type": "header"}]),
    ("action_id 'ack' is used 2 times", [actions(button()), actions(button())]),
    ("block_id 'a' is used", [{"type": "divider", "block_id": "a"}] * 2),
    ("'alert' is not supported on message", [{"type": "alert", "text": section("x")["text"]}]),
    ("must not be empty", [section("")]),
    ("76 characters, at most 75", [actions(menu() | {"options": [option("a", "x" * 76)]})]),
    ("between 1 and 5", [actions(menu(*"abcdef"))]),
    ("first choice", [actions(SELECT | {"initial_option": option("c")})]),
    ("51 items, at most 50", [{"type": "divider"}] * 51),
    ("10", [{"type": "context", "elements": [section("x")["text"]] * 11}]),
    ("25", [actions(*(button(str(number)) for number in range(26)))]),
    ("30", [actions(button(confirm=DIALOG | {"deny": plain("x" * 31)}))]),
    ("21 columns", [table([CELL] * 21)]),
    ("101 items", [table(*[[CELL]] * 101)]),
    ("cannot stand here", [{"type": "table", "rows": [["a"]]}]),
    ("one table", [table([CELL]), table([CELL])]),
    ("of type boolean", [section("x", expand="yes")]),
]


@pytest.mark.parametrize(("problem", "blocks"), MALFORMED, ids=[name for name, _ in MALFORMED])
def test_a_malformed_message_is_refused_and_recorded(
    room: Room, problem: str, blocks: list[Any]
) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.client.chat_postMessage(channel=CHANNEL, text="hello", blocks=blocks)

    [rejection] = room.slack.rejections
    assert error_of(refusal.value) == "invalid_blocks"
    assert problem in refusal.value.response["response_metadata"]["messages"][0]
    assert problem in rejection.problems[1]
    assert room.slack.messages(CHANNEL) == []


MALFORMED_VIEWS = [
    ("title", modal(title=plain("x" * 25))),
    ("private_metadata", modal(private_metadata="x" * 3001)),
    ("foo: unknown key", modal(foo=1)),
    ("submit button", {k: v for k, v in modal(field_for(text_input())).items() if k != "submit"}),
    ("between 1 and 100", modal(*[{"type": "divider"}] * 101)),
    ("list of blocks", modal() | {"blocks": "x"}),
    ("title is missing", {k: v for k, v in modal().items() if k != "title"}),
    ("'table' is not supported on modal", modal(table([CELL]))),
    ("callback_id", modal(callback_id=["form"])),
]


@pytest.mark.parametrize(
    ("problem", "view"), MALFORMED_VIEWS, ids=[name for name, _ in MALFORMED_VIEWS]
)
def test_a_malformed_modal_is_refused_and_recorded(
    room: Room, problem: str, view: dict[str, Any]
) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.open_modal(view)

    [rejection] = room.slack.rejections
    assert error_of(refusal.value) == "invalid_arguments"
    assert problem in rejection.problems[1]


TEXTS = [
    ("no_text", "", None),
    ("no_text", " ", [section("x")]),
    ("msg_too_long", "x" * 40_001, None),
    ("msg_blocks_too_long", "x", [section("x" * 2700)] * 5),
]


@pytest.mark.parametrize(("error", "text", "blocks"), TEXTS)
def test_a_text_that_is_missing_or_too_long_is_refused(
    room: Room, error: str, text: str, blocks: list[dict[str, Any]] | None
) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.client.api_call(
            "chat.postMessage", json={"channel": CHANNEL, "text": text, "blocks": blocks}
        )

    assert error_of(refusal.value) == error
    assert room.slack.rejections[0].problems[0] == error


def test_an_update_takes_less_text_than_a_post(room: Room) -> None:
    message = room.post("x" * 4001)

    with pytest.raises(SlackApiError) as refusal:
        room.client.chat_update(channel=CHANNEL, ts=message.ts, text="x" * 4001)

    assert error_of(refusal.value) == "msg_too_long"


def test_payloads_can_be_checked_without_being_shown(room: Room) -> None:
    assert room.client.blocks_validate(blocks=[section("x")])["ok"]
    assert room.client.blocks_validate(message={"text": "x", "blocks": [section("x")]})["ok"]
    assert room.client.blocks_validate(view=modal())["ok"]

    with pytest.raises(SlackApiError) as refusal:
        room.client.blocks_validate(blocks=[section("")])

    assert error_of(refusal.value) == "invalid_blocks"
    assert room.slack.messages(CHANNEL) == []
