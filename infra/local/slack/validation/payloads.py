"""All validators, on one message or view. A payload that fails one is not looked at by the next."""

from collections.abc import Callable

from infra.local.slack.records import Blocks, Json
from infra.local.slack.validation.known_to_sdk import unknown_in_blocks, unknown_in_view
from infra.local.slack.validation.limits import beyond_limits
from infra.local.slack.validation.own_rules import broken_rules, broken_view_rules
from infra.local.slack.validation.structure import misshapen_blocks, misshapen_view
from infra.local.slack.validation.surfaces import Surface


def block_problems(blocks: Blocks, surface: Surface) -> list[str]:
    """Say what is wrong with blocks on this surface; an empty list means nothing."""
    return _first_of(
        lambda: unknown_in_blocks(blocks),
        lambda: misshapen_blocks(blocks),  # later ones rely on the shape
        lambda: beyond_limits({"type": surface, "blocks": blocks}, surface),
        lambda: broken_rules(blocks, surface),
    )


def view_problems(view: Json) -> list[str]:
    """Say what is wrong with a modal or home; an empty list means nothing."""
    surface: Surface = "home" if view.get("type") == "home" else "modal"
    return _first_of(
        lambda: _listed(view.get("blocks")),  # all others rely on it
        lambda: unknown_in_view(view),
        lambda: misshapen_view(view),
        lambda: beyond_limits(view | {"blocks": []}, "view"),
        lambda: broken_view_rules(view),
        lambda: block_problems(view["blocks"], surface),
    )


def _listed(blocks: object) -> list[str]:
    is_list = isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks)
    return [] if is_list else ["view: blocks must be a list of blocks"]


def _first_of(*validators: Callable[[], list[str]]) -> list[str]:
    for validate in validators:
        if problems := validate():
            return problems
    return []
