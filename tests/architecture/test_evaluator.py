"""An evaluator is named by all code that has a say in its numbers, or old numbers would pass."""

import grimp

from functions.flows.judging.evaluator import CODE

STARTS = (
    "functions.flows.judging.judge_rows",
    "functions.data.validation_set",
    "functions.placing",
)


def test_every_module_that_an_evaluation_goes_through_is_in_its_evaluators_name() -> None:
    graph = grimp.build_graph("functions", "core")
    gone_through = {
        name
        for start in STARTS
        for name in {start, *graph.find_upstream_modules(start)}
        if name.startswith("functions.")
    }

    named = {module.__name__ for module in CODE}

    assert gone_through <= named
