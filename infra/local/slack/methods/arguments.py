"""Arguments as methods read them, whether they came as a form or as JSON."""

import json

from infra.local.slack.records import ApiError, Blocks, Json

_JSON_ARGUMENTS = {"attachments", "blocks", "files", "message", "metadata", "view"}
_TRUE = {True, "1", "true", "True"}  # True is 1, too


def decoded(arguments: Json) -> Json:
    """Parse the arguments that a form carries as JSON text.

    Raises:
        ApiError: one of them is no JSON.
    """
    plain = dict(arguments)
    for name in _JSON_ARGUMENTS & plain.keys():
        if isinstance(plain[name], str):
            try:
                plain[name] = json.loads(plain[name])
            except ValueError as error:
                raise ApiError("invalid_arguments", [f"{name} is not JSON"]) from error
    return plain


def needed(arguments: Json, name: str) -> str:
    """Take an argument that the method cannot do without.

    Raises:
        ApiError: it is missing or empty.
    """
    value = arguments.get(name)
    if not value:
        raise ApiError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
    return str(value)


def flag(arguments: Json, name: str) -> bool:
    """Read a boolean argument; absent means no."""
    return arguments.get(name) in _TRUE


def limit(arguments: Json, default: int, most: int) -> int:
    """Read how many rows the caller wants."""
    return min(int(arguments.get("limit") or default), most)


def blocks_of(arguments: Json) -> Blocks | None:
    """Read the blocks; None when none were sent.

    Raises:
        ApiError: they are not a list of objects.
    """
    blocks = arguments.get("blocks")
    if blocks is None:
        return None
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise ApiError("invalid_blocks_format")
    return blocks
