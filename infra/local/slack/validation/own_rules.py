"""What Slack or its readers mind and no library checks."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from slackblocks._surfaces import validate_surface_blocks
from slackblocks.errors import TypeMismatchError

from infra.local.slack.elements import elements_in
from infra.local.slack.records import Blocks, Json
from infra.local.slack.validation.surfaces import Surface

_CHOOSES_FROM_A_LIST = {"multi_static_select", "static_select"}


def broken_rules(blocks: Blocks, surface: Surface) -> list[str]:
    """Name the rules of ours that these blocks break."""
    return [
        *_misplaced(blocks, surface),
        *_repeated(blocks),
        *_empty_texts(blocks, "blocks"),
        *_impossible_choices(blocks),
    ]


def broken_view_rules(view: Json) -> list[str]:
    """Name the rules of ours that a view as a whole breaks."""
    has_input = any(block.get("type") == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and not view.get("submit"):
        return ["view: a modal with inputs needs a submit button"]
    return []


def _misplaced(blocks: Blocks, surface: Surface) -> Iterator[str]:
    try:
        validate_surface_blocks(blocks, surface)
    except TypeMismatchError as error:
        yield str(error)
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "blocks: one table in a message, no more"


def _repeated(blocks: Blocks) -> Iterator[str]:
    block_ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    action_ids = Counter(placed.action_id for placed in elements_in(_named(blocks)))
    for kind, names in (("block_id", block_ids), ("action_id", action_ids)):
        for name, times in names.items():
            if times > 1:
                yield f"blocks: {kind} {name!r} is used {times} times"


def _empty_texts(node: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(node, list):
        for index, child in enumerate(node):
            yield from _empty_texts(child, f"{path}[{index}]")
    if isinstance(node, dict):
        if node.get("type") in {"plain_text", "mrkdwn"} and node.get("text") == "":
            yield f"{path}: a text must not be empty"
        for key, child in node.items():
            yield from _empty_texts(child, f"{path}.{key}")


def _impossible_choices(blocks: Blocks) -> Iterator[str]:
    for placed in elements_in(_named(blocks)):
        element = placed.element
        if element.get("type") not in _CHOOSES_FROM_A_LIST:
            continue
        groups = element.get("option_groups", [])
        on_offer = element.get("options", []) + [o for group in groups for o in group["options"]]
        first = element.get("initial_options") or [element.get("initial_option")]
        if any(option not in (None, *on_offer) for option in first):
            yield f"{placed.action_id}: its first choice is not among its options"


def _named(blocks: Blocks) -> Blocks:
    return [{"block_id": str(index)} | block for index, block in enumerate(blocks)]
