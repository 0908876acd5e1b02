"""Versions and evaluators are named by all code that has a say in them, or old ones would pass."""

from importlib import import_module

import grimp
import pytest

from functions.flows.judging.evaluator import CODE as EVALUATES
from functions.flows.training.make_version import CODE as TRAINS

GRAPH = grimp.build_graph("functions", "core")
ONLY_WORDS = ("_refused", "_failed")  # errors: what goes wrong makes no artefact


def gone_through(*starts: str) -> set[str]:
    found = {name for start in starts for name in {start, *GRAPH.find_upstream_modules(start)}}
    return {name for name in found if name.startswith("functions.")}


def test_every_module_that_an_evaluation_goes_through_is_in_its_evaluators_name() -> None:
    through = gone_through(
        "functions.flows.judging.judge_rows", "functions.data.validation_set", "functions.placing"
    )

    assert through <= set(EVALUATES)


def test_every_module_that_rows_go_through_on_their_way_to_a_model_is_in_its_versions_name() -> (
    None
):
    through = gone_through(
        "functions.data.training_set",
        "functions.ml.training.pipeline",
        "functions.flows.training.keep_simple_model",
        "functions.flows.training.use_trainer",
    )

    assert {name for name in through if not name.endswith(ONLY_WORDS)} <= set(TRAINS)


@pytest.mark.parametrize("code", [EVALUATES, TRAINS], ids=["evaluator", "version"])
def test_what_names_code_names_modules_that_are_there_each_once(code: tuple[str, ...]) -> None:
    assert [import_module(name).__name__ for name in sorted(set(code))] == list(code)
