"""What linters do not see of how files are named, how long they are, and what stands in them."""

import ast
import builtins
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from core.domain.errors import Refusal

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "core", "functions", "infra", "tests")
MOST_LINES = 300
ONE_STORY = {"tests/aws/test_system.py"}  # each of its tests goes on where the one before it ended
SAYS_NOTHING = re.compile(
    r"(.*_)?(utils?|helpers?|common|manager|service|part_?\d)|info|process|base_.*"
)
EXEMPTION = re.compile(r"#\s*(noqa|type: ignore|pragma)")
REASONED = re.compile(
    r"# (noqa: [A-Z]+\d+(, [A-Z]+\d+)* - \S|type: ignore\[[\w-]+\]  # \S|pragma: [\w ]+ - \S)"
)
ANY_CLOCK_OR_CHANCE = {"time", "random", "secrets", "uuid"}


MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if "node_modules" not in path.parts
)


def trees(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for path in MODULES:
        if path.startswith(rooms):
            yield path, ast.parse((ROOT / path).read_text())


def imported_by(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_no_module_is_longer_than_one_reads_at_once() -> None:
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path in MODULES}

    assert {path for path, lines in lengths.items() if lines > MOST_LINES} == ONE_STORY


def test_every_module_is_named_for_what_it_holds_and_says_so() -> None:
    names = {path: Path(path).stem for path in MODULES}
    undocumented = [
        path
        for path, tree in trees("bot", "core", "functions", "infra")
        if not path.endswith("__init__.py") and not ast.get_docstring(tree)
    ]

    assert [path for path, name in names.items() if SAYS_NOTHING.fullmatch(name)] == []
    assert undocumented == []


def test_nothing_stands_where_nobody_looks_for_it() -> None:
    assert [
        path
        for path in MODULES
        if path.endswith("__init__.py") and (ROOT / path).read_text().strip()
    ] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_exemption_from_a_rule_has_its_code_and_a_reason(room: str) -> None:
    bare = [
        f"{path}:{number}"
        for path in MODULES
        if path.startswith(f"{room}/") and path != "tests/architecture/test_layout.py"
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1)
        if EXEMPTION.search(line) and not REASONED.search(line)
    ]

    assert bare == []


def test_no_test_needs_another_test() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in trees("tests")
        for name in imported_by(tree)
        if name.startswith("tests.") and name.rpartition(".")[2].startswith("test_")
    ]

    assert wrong == []


def test_rules_and_numerics_know_no_clock_and_no_chance() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in trees("core/domain", "core/flows", "functions/ml")
        for name in imported_by(tree)
        if name.split(".")[0] in ANY_CLOCK_OR_CHANCE
    ]

    assert wrong == []


def test_nouns_refuse_or_say_that_the_program_is_wrong_and_raise_nothing_else() -> None:
    allowed = (Refusal, ValueError, KeyError, ArithmeticError)
    wrong = []
    for path, tree in trees("core/domain"):
        module = import_module(path.removesuffix(".py").replace("/", "."))
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and node.exc is not None:
                raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                name = ast.unparse(raised)
                kind = getattr(module, name, None) or getattr(builtins, name)
                if not issubclass(kind, allowed):
                    wrong.append(f"{path}:{node.lineno} raises {name}")

    assert wrong == []
