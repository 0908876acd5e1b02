"""How long and how many: the registry of slackblocks, looked up for each thing in a payload."""

from collections.abc import Iterator
from typing import Any, Final

from slackblocks import _limits as known

from infra.local.slack.records import Blocks, Json

# Things without a type of their own are named for the key that they stand under.
_KIND_BY_KEY: Final = {
    "confirm": "confirm",
    "fields": "section_field",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "option_group",
    "options": "option",
}
_VIEW_CHARS: Final = {
    "title": known.VIEW_TITLE_MAX_LENGTH,
    "submit": known.VIEW_SUBMIT_MAX_LENGTH,
    "close": known.VIEW_CLOSE_MAX_LENGTH,
    "private_metadata": known.VIEW_PRIVATE_METADATA_MAX_LENGTH,
    "callback_id": known.VIEW_CALLBACK_ID_MAX_LENGTH,
    "external_id": known.VIEW_EXTERNAL_ID_MAX_LENGTH,
}
_MAX_CHARS: Final[dict[str, dict[str, int]]] = {
    "alert": {"text": known.ALERT_TEXT_MAX_LENGTH},
    "button": {
        "text": known.BUTTON_TEXT_MAX_LENGTH,
        "value": known.BUTTON_VALUE_MAX_LENGTH,
        "url": known.BUTTON_URL_MAX_LENGTH,
        "accessibility_label": known.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH,
    },
    "card": {
        "title": known.CARD_TITLE_MAX_LENGTH,
        "subtitle": known.CARD_SUBTITLE_MAX_LENGTH,
        "body": known.CARD_BODY_MAX_LENGTH,
    },
    "confirm": {
        "title": known.CONFIRMATION_TITLE_MAX_LENGTH,
        "text": known.CONFIRMATION_TEXT_MAX_LENGTH,
        "confirm": known.CONFIRMATION_CONFIRM_MAX_LENGTH,
        "deny": known.CONFIRMATION_DENY_MAX_LENGTH,
    },
    "header": {"text": known.HEADER_TEXT_MAX_LENGTH},
    "home": _VIEW_CHARS,
    "image": {
        "image_url": known.IMAGE_IMAGE_URL_MAX_LENGTH,
        "alt_text": known.IMAGE_ALT_TEXT_MAX_LENGTH,
        "title": known.IMAGE_TITLE_MAX_LENGTH,
    },
    "input": {"label": known.INPUT_LABEL_MAX_LENGTH, "hint": known.INPUT_HINT_MAX_LENGTH},
    "markdown": {"text": known.MARKDOWN_TEXT_MAX_LENGTH},
    "modal": _VIEW_CHARS,
    "option": {
        "text": known.OPTION_TEXT_MAX_LENGTH,
        "value": known.OPTION_VALUE_MAX_LENGTH,
        "description": known.OPTION_DESCRIPTION_MAX_LENGTH,
    },
    "option_group": {"label": known.OPTION_GROUP_LABEL_MAX_LENGTH},
    "section": {"text": known.SECTION_TEXT_MAX_LENGTH},
    "section_field": {"text": known.SECTION_FIELDS_ITEM_MAX_LENGTH},
}
_ANYWHERE: Final = {
    "action_id": known.ACTION_ID_MAX_LENGTH,
    "block_id": known.BLOCK_ID_MAX_LENGTH,
    "placeholder": known.SELECT_PLACEHOLDER_MAX_LENGTH,
}
_SELECT: Final = {
    "options": known.SELECT_OPTIONS_MAX_ITEMS,
    "option_groups": known.SELECT_OPTION_GROUPS_MAX_ITEMS,
}
_MAX_ITEMS: Final[dict[str, dict[str, int]]] = {
    "actions": {"elements": known.ACTIONS_ELEMENTS_MAX_ITEMS},
    "carousel": {"elements": known.CAROUSEL_ELEMENTS_MAX_ITEMS},
    "card": {"actions": known.CARD_ACTIONS_MAX_ITEMS},
    "checkboxes": {"options": known.CHECKBOXES_OPTIONS_MAX_ITEMS},
    "container": {"child_blocks": known.CONTAINER_CHILD_BLOCKS_MAX_ITEMS},
    "context": {"elements": known.CONTEXT_ELEMENTS_MAX_ITEMS},
    "context_actions": {"elements": known.CONTEXT_ACTIONS_ELEMENTS_MAX_ITEMS},
    "home": {"blocks": known.VIEW_BLOCKS_MAX_ITEMS},
    "message": {"blocks": known.MESSAGE_BLOCKS_MAX_ITEMS},
    "modal": {"blocks": known.VIEW_BLOCKS_MAX_ITEMS},
    "multi_static_select": _SELECT,
    "option_group": {"options": known.OPTION_GROUP_OPTIONS_MAX_ITEMS},
    "overflow": {"options": known.OVERFLOW_OPTIONS_MAX_ITEMS},
    "plan": {"tasks": known.PLAN_TASKS_MAX_ITEMS},
    "radio_buttons": {"options": known.RADIO_BUTTONS_OPTIONS_MAX_ITEMS},
    "section": {"fields": known.SECTION_FIELDS_MAX_ITEMS},
    "static_select": _SELECT,
    "table": {"rows": known.TABLE_ROWS_MAX_ITEMS},
}
_NEVER_EMPTY: Final = {"elements", "fields", "option_groups", "options", "rows"}


def beyond_limits(payload: Json, path: str) -> list[str]:
    """Name everything in a message or view (by its `type`) that is too long or too many."""
    return list(_beyond(payload, payload["type"], path))


def characters_in(blocks: Blocks) -> int:
    """Count the characters that people read in these blocks."""
    return sum(_characters(block) for block in blocks)


def _beyond(node: Json, kind: str, path: str) -> Iterator[str]:
    max_chars = _ANYWHERE | _MAX_CHARS.get(kind, {})
    max_items = _MAX_ITEMS.get(kind, {})
    for key, value in node.items():
        where = f"{path}.{key}"
        size = _length(value)
        if key in max_chars and size > max_chars[key]:
            yield f"{where}: {size} characters, at most {max_chars[key]}"
        if key in max_items and len(value) > max_items[key]:
            yield f"{where}: {len(value)} items, at most {max_items[key]}"
        if key in _NEVER_EMPTY and value == [] and not kind.startswith("rich_text_"):
            yield f"{where}: at least one item"
        yield from _within(value, kind, key, where)


def _within(value: Any, kind: str, key: str, where: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        # A confirm dialog has a `confirm` too: the text of its button.
        named = None if kind == key == "confirm" else _KIND_BY_KEY.get(key)
        yield from _beyond(value, named or str(value.get("type")), where)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _within(item, kind, key, f"{where}[{index}]")
    if key == "rows" and isinstance(value, list):
        widest = max((len(row) for row in value if isinstance(row, list)), default=0)
        if widest > known.TABLE_COLUMNS_MAX_ITEMS:
            yield f"{where}: {widest} columns, at most {known.TABLE_COLUMNS_MAX_ITEMS}"


def _length(value: Any) -> int:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        value = value.get("text")
    return len(value) if isinstance(value, str) else 0


def _characters(node: Any) -> int:  # noqa: ANN401 - any JSON
    if isinstance(node, list):
        return sum(_characters(child) for child in node)
    if not isinstance(node, dict):
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + sum(_characters(child) for child in node.values())
