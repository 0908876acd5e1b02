"""The JSON Schema made from Slack's TypeScript types, and the part of JSON Schema that it uses."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from infra.local.slack.records import Blocks, Json

SCHEMA_FILE: Final = Path(__file__).parents[2] / "slack_schema" / "block-kit.schema.json"
_TYPES: Final = {"array": list, "boolean": bool, "object": dict, "string": str}


def misshapen_blocks(blocks: Blocks) -> list[str]:
    """Name what is not shaped as the types say; at most a few lines per block."""
    return [
        problem
        for index, block in enumerate(blocks)
        for problem in _problems(_definition("KnownBlock"), block, f"blocks[{index}]")
    ]


def misshapen_view(view: Json) -> list[str]:
    """Name what is misshapen about a view itself; its blocks are looked at apart."""
    name = "HomeView" if view.get("type") == "home" else "ModalView"
    return _problems(_definition(name), view | {"blocks": []}, "view")


@cache
def _definitions() -> dict[str, Json]:
    loaded: dict[str, Json] = json.loads(SCHEMA_FILE.read_text("utf-8"))["definitions"]
    return loaded


def _definition(name: str) -> Json:
    return _definitions()[name]


def _resolved(schema: Json) -> Json:
    while "$ref" in schema:
        schema = _definition(schema["$ref"].removeprefix("#/definitions/"))
    return schema


def _problems(schema: Json, value: Any, path: str) -> list[str]:  # noqa: ANN401 - any JSON
    schema = _resolved(schema)
    if "anyOf" in schema:
        return _of_any(_branches(schema), value, path)
    allowed = [schema["const"]] if "const" in schema else schema.get("enum", [value])
    if value not in allowed:
        return [f"{path}: {value!r} should be one of {allowed}"]
    if "type" in schema and not _is_of(schema["type"], value):
        return [f"{path}: {value!r} should be of type {schema['type']}"]
    if isinstance(value, dict):
        return _of_object(schema, value, path)
    if isinstance(value, list) and "items" in schema:
        each = [_problems(schema["items"], item, f"{path}[{i}]") for i, item in enumerate(value)]
        return [problem for problems in each for problem in problems]
    return []


def _is_of(types: str | list[str], value: Any) -> bool:  # noqa: ANN401 - any JSON
    names = [types] if isinstance(types, str) else types
    for name in names:
        if name in {"number", "integer"}:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return True
        elif isinstance(value, _TYPES.get(name, object)):
            return True
    return False


def _of_object(schema: Json, value: Json, path: str) -> list[str]:
    properties = schema.get("properties", {})
    problems = [
        f"{path}: {key} is missing" for key in schema.get("required", []) if key not in value
    ]
    for key, child in value.items():
        if key in properties:
            problems += _problems(properties[key], child, f"{path}.{key}")
        elif schema.get("additionalProperties") is False:
            problems.append(f"{path}: {key} does not belong here")
    return problems


def _branches(schema: Json) -> list[Json]:
    branches = []
    for branch in schema["anyOf"]:
        resolved = _resolved(branch)
        branches += _branches(resolved) if "anyOf" in resolved else [resolved]
    return branches


def _of_any(branches: list[Json], value: Any, path: str) -> list[str]:  # noqa: ANN401 - any JSON
    kind = value.get("type") if isinstance(value, dict) else None
    same_kind = [branch for branch in branches if _kind(branch) in {None, kind}]
    if not same_kind:
        return [f"{path}: a {kind!r} cannot stand here"]
    tried = [_problems(branch, value, path) for branch in same_kind]
    return min(tried, key=len)


def _kind(branch: Json) -> str | None:
    kind: str | None = branch.get("properties", {}).get("type", {}).get("const")
    return kind
