"""A model's YAML file: read, checked, and refused in words that name file, key and expectation."""

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from core.domain.errors import Refusal
from core.domain.model_config import ModelConfig

_PLACEHOLDER: Final = re.compile(  # see infra.local.first_config
    r"[UC]0DECIDE|DECIDE_[A-Z]+|What does it predict, and for whom\?"
)


class BadConfig(Refusal):
    """The file does not say what a config must say."""

    def __init__(self, file: Path, problems: list[str]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
        self.problems = problems


class _Unambiguous(yaml.SafeLoader):
    """Refuses a key that stands twice: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own
        """Read a mapping."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.YAMLError(f"the key `{key}` stands twice, {node.start_mark}")
        return super().construct_mapping(node, deep)


def read_config(file: Path) -> ModelConfig:
    """Read a model's config.

    Raises:
        BadConfig: the file cannot be read, is no YAML, or has wrong or unknown keys.
    """
    try:
        stated = yaml.load(file.read_text(encoding="utf-8"), _Unambiguous)  # noqa: S506 - a safe one
    except OSError as error:
        raise BadConfig(file, [f"cannot be read: {error.strerror}"]) from error
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise BadConfig(file, [f"is not YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(stated, dict):
        raise BadConfig(file, ["is empty, or not a list of `key: value`"])
    try:
        return ModelConfig.model_validate(stated)
    except ValidationError as error:
        raise BadConfig(file, [_sentence(problem) for problem in error.errors()]) from error


def schema() -> str:
    """Return the JSON Schema by which editors complete and check the file."""
    return json.dumps(ModelConfig.model_json_schema(), indent=2) + "\n"


def undecided_in(config: ModelConfig) -> list[str]:
    """Name the keys where a placeholder of `watchkeeper init` still stands."""
    return list(_undecided("", config.model_dump(mode="json")))


def _undecided(key: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            is_open = _PLACEHOLDER.fullmatch(name) is not None
            yield from [key] if is_open else _undecided(f"{key}.{name}".lstrip("."), below)
    elif isinstance(value, str) and _PLACEHOLDER.fullmatch(value):
        yield f"{key} ({value})"
    elif isinstance(value, list) and any(_PLACEHOLDER.fullmatch(str(one)) for one in value):
        yield key


def _sentence(problem: Any) -> str:  # noqa: ANN401 - pydantic's own dictionary
    key = ".".join(str(part) for part in problem["loc"]) or "the whole file"
    match problem["type"]:
        case "extra_forbidden":
            return f"{key}: unknown key{_meant(problem['loc'])}"
        case "missing":
            return f"{key}: is missing"
        case _:
            expected = problem["msg"].removeprefix("Value error, ")
            given = problem["input"]
            shown = "" if isinstance(given, dict | list) else f" (it says {given!r})"
            return f"{key}: {expected}{shown}"


def _meant(location: tuple[str | int, ...]) -> str:
    """Guess which key was meant."""
    *above, key = location
    node: dict[str, Any] = ModelConfig.model_json_schema()
    definitions = node["$defs"]
    for part in above:
        below = (node.get("properties", {}).get(part), node.get("additionalProperties"))
        node = next((found for found in below if found), node.get("items", {}))
        node = next(iter(node.get("allOf", [])), node)
        node = definitions[node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node
    known = sorted(node.get("properties", {}))
    close = get_close_matches(str(key), known, n=1)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; known here: {', '.join(known)}" if known else ""
