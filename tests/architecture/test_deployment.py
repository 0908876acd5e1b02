import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from core.config import AwsSettings, Settings
from core.domain.job import Function

ROOT = Path(__file__).parents[2]
NOT_OURS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}


class CloudFormationLoader(yaml.SafeLoader):
    """Reads `!Ref` and its like as what stands behind them."""


def _behind(loader: CloudFormationLoader, _tag: str, node: yaml.Node) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


CloudFormationLoader.add_multi_constructor("!", _behind)


def read(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((ROOT / path).read_text(), CloudFormationLoader)  # noqa: S506 - a safe one
    return loaded


SERVERLESS = read("serverless.yml")
FUNCTIONS: dict[str, dict[str, Any]] = next(
    part for part in SERVERLESS["functions"] if isinstance(part, dict)
)
HANDLERS = [
    function["handler"]
    for part in (FUNCTIONS, read("infra/aws/data-code/zip.yml"))
    for function in part.values()
    if "handler" in function
]


@pytest.mark.parametrize("handler", [path for path in HANDLERS if not path.startswith("bot.")])
def test_every_handler_that_is_deployed_can_be_called(handler: str) -> None:
    module, _, name = handler.rpartition(".")

    assert callable(getattr(import_module(module), name))


def test_every_function_that_a_job_can_name_is_deployed() -> None:
    assert set(get_args(Function)) | {"bot"} == set(FUNCTIONS)


def test_functions_are_told_what_the_settings_read_and_nothing_else() -> None:
    read_by_code = {
        name.upper() for name in (*Settings.model_fields, *AwsSettings.model_fields)
    } - {"PLACE"}

    assert set(SERVERLESS["provider"]["environment"]) - NOT_OURS == read_by_code


def test_the_entry_of_the_bot_connects_at_import(tmp_path: Path) -> None:
    program = "import bot.entry; print(callable(bot.entry.handler))"
    finished = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"WATCHKEEPER_FOLDER": str(tmp_path), "PATH": ""},
    )

    assert finished.stdout.strip() == "True"
