"""What Slack's own Python models make of a payload; what they drop, Slack does not know."""

from copy import deepcopy
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from infra.local.slack.records import Blocks, Json

_DROPPED_IN_SILENCE: tuple[Any, ...] = (None, [], {}, "")


def unknown_in_blocks(blocks: Blocks) -> list[str]:
    """Name unknown block types, unknown keys, missing keys and sizes that the models refuse."""
    problems: list[str] = []
    for index, block in enumerate(blocks):
        problems += _unknown_in_block(block, f"blocks[{index}]")
    return problems


def unknown_in_view(view: Json) -> list[str]:
    """Name what the models refuse about a view itself; of its blocks, only how many there are."""
    frame = view | {"blocks": [{"type": "divider"}] * len(view["blocks"])}
    try:
        understood = View(**deepcopy(frame)).to_dict()
    except (SlackObjectFormationError, TypeError) as error:
        return [f"view: {error}"]
    return _lost(frame, understood, "view")


def _unknown_in_block(block: Json, path: str) -> list[str]:
    try:
        parsed = Block.parse(deepcopy(block))
        understood = None if parsed is None else parsed.to_dict()
    except (SlackObjectFormationError, AttributeError, KeyError, TypeError, ValueError) as error:
        return [f"{path}: {error}"]  # the models meet a malformed block with any of these
    if understood is None:
        return [f"{path}: unknown type {block.get('type')!r}"]
    return _lost(block, understood, path)


def _lost(sent: Any, understood: Any, path: str) -> list[str]:  # noqa: ANN401 - any JSON
    if isinstance(sent, dict) and isinstance(understood, dict):
        problems: list[str] = []
        for key, value in sent.items():
            if key in understood:
                problems += _lost(value, understood[key], f"{path}.{key}")
            elif value not in _DROPPED_IN_SILENCE:
                problems.append(f"{path}.{key}: unknown key")
        return problems
    if isinstance(sent, list) and isinstance(understood, list) and len(sent) == len(understood):
        return [
            problem
            for index, (before, after) in enumerate(zip(sent, understood, strict=True))
            for problem in _lost(before, after, f"{path}[{index}]")
        ]
    return [] if sent == understood else [f"{path}: {sent!r} is read as {understood!r}"]
