"""The elements inside blocks that take a click or an input, and what a person does to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.local.slack.records import Blocks, Json, NotOnScreen

Values = dict[str, dict[str, Any]]

_STATE_FIELD = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
_KEEPS_NO_STATE = {"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"}
_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Placed:
    """An element and the block that it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """Name the block."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """Name the element."""
        return str(self.element["action_id"])

    @property
    def is_required(self) -> bool:
        """Say whether a modal refuses to be submitted without it."""
        return self.block["type"] == "input" and not self.block.get("optional", False)


def elements_in(blocks: Blocks) -> Iterator[Placed]:
    """Walk through every element that has an action_id, however deep it stands."""
    for block in blocks:
        yield from _walk(block, block)


def find_element(blocks: Blocks, action_id: str, block_id: str | None = None) -> Placed:
    """Find one element; `block_id` None means in whichever block.

    Raises:
        NotOnScreen: nobody could click it, for it was not drawn.
    """
    drawn = list(elements_in(blocks))
    for placed in drawn:
        if placed.action_id == action_id and block_id in {None, placed.block_id}:
            return placed
    names = ", ".join(f"{placed.block_id}/{placed.action_id}" for placed in drawn) or "nothing"
    raise NotOnScreen(f"no {action_id!r} here to click or fill; there is: {names}")


def chosen(element: Json, choice: Any) -> Json:  # noqa: ANN401 - text, number, option or a list of them
    """Say what the element holds after a person chose: the part of an action that tells it.

    Raises:
        NotOnScreen: the choice is not one of those on offer.
    """
    kind = element["type"]
    if kind not in _STATE_FIELD:
        return _pressed(element, choice)
    state_field = _STATE_FIELD[kind]
    if choice in _EMPTY:
        return {state_field: [] if state_field.endswith("s") else None}
    if state_field == "selected_option":
        return {state_field: _option(element, choice)}
    if state_field == "selected_options":
        return {state_field: [_option(element, each) for each in choice]}
    if state_field == "value":
        return {state_field: _typed(element, str(choice))}
    return {state_field: choice}


def values_of(blocks: Blocks, entered: Values) -> dict[str, dict[str, Json]]:
    """Draw `state.values`: what people entered, or else what the element began with."""
    values: dict[str, dict[str, Json]] = {}
    for placed in elements_in(blocks):
        kind = placed.element["type"]
        if kind in _KEEPS_NO_STATE:
            continue
        held = entered.get(placed.block_id, {}).get(placed.action_id)
        state = _initially(placed.element) if held is None else held
        values.setdefault(placed.block_id, {})[placed.action_id] = {"type": kind} | state
    return values


def is_blank(state: Json) -> bool:
    """Say whether nothing was entered."""
    return all(value in _EMPTY for key, value in state.items() if key != "type")


def _walk(node: Any, block: Json) -> Iterator[Placed]:  # noqa: ANN401 - any JSON
    if isinstance(node, list):
        for child in node:
            yield from _walk(child, block)
    elif isinstance(node, dict):
        block = node if "block_id" in node else block
        if "action_id" in node:
            yield Placed(block, node)
        for child in node.values():
            yield from _walk(child, block)


def _pressed(element: Json, value: Any) -> Json:  # noqa: ANN401 - as of `chosen`
    if value is not None and element.get("value") != value:
        raise NotOnScreen(f"the button holds {element.get('value')!r}, not {value!r}")
    return {key: element[key] for key in ("text", "value", "style") if key in element}


def _option(element: Json, choice: Any) -> Json:  # noqa: ANN401 - an option's value, or the option itself
    if element["type"].endswith("external_select"):
        if isinstance(choice, dict):
            return choice
        return {"text": {"type": "plain_text", "text": choice, "emoji": True}, "value": choice}
    groups = element.get("option_groups", [])
    on_offer = element.get("options", []) + [o for group in groups for o in group["options"]]
    for option in on_offer:
        if choice in (option, option.get("value")):
            return dict(option)
    values = ", ".join(repr(option.get("value")) for option in on_offer)
    raise NotOnScreen(f"{choice!r} is not on offer in {element['action_id']!r}; there is: {values}")


def _typed(element: Json, text: str) -> str:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if element["type"] == "plain_text_input" and not shortest <= len(text) <= longest:
        raise NotOnScreen(f"{element['action_id']!r} takes {shortest} to {longest} characters")
    return text


def _initially(element: Json) -> Json:
    state_field = _STATE_FIELD[element["type"]]
    first = element.get(f"initial_{state_field.removeprefix('selected_')}")
    if state_field == "rich_text_value":
        first = element.get("initial_value")
    empty: list[Json] | None = [] if state_field.endswith("s") else None
    return {state_field: first if first is not None else empty}
