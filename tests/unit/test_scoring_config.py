from typing import Any

import pytest

from core.domain.model_config import ModelConfig
from tests.builders import a_config

MULTI = {"column": "kind", "task": "multiclass", "classes": ["a", "b", "c"], "delay_days": 1}
NUMBER = {"column": "minutes", "task": "regression", "between": [0, 100], "delay_days": 1}
FAR = {"column": "distance", "at_least": 2000}


def override(where: dict[str, Any] = FAR, **deed: Any) -> dict[str, Any]:
    return {"overrides": [{"name": "far", "where": [where], "reason": "why", **deed}]}


def config(scoring: dict[str, Any], target: dict[str, Any] | None = None) -> ModelConfig:
    return a_config(scoring=scoring, **({"target": target} if target else {}))


@pytest.mark.parametrize(
    ("scoring", "target", "sentence"),
    [
        (override({"column": "gone", "below": 1}, filter=True), None, "no feature `gone`"),
        (override({"column": "carrier", "below": 1}, filter=True), None, "`carrier` is a category"),
        (override({"column": "distance", "one_of": ["x"]}, filter=True), None, "is not a number"),
        (override(replace="late"), None, "`replace: late` is not a number"),
        (override(replace=2.0), None, "`replace: 2.0` does not lie from 0 to 1"),
        (override(at_most=2.0), None, "so scores lie from 0 to 1"),
        (override(replace="d"), MULTI, "`replace: d` is none of the target's classes"),
        (override(at_least=0.5), MULTI, "the target is a class"),
        ({"output": {"rate": [0, 1]}}, NUMBER, "`rate` is a share of ones"),
        ({"output": {"at_least": 0}}, MULTI, "the target is a class"),
        ({"output": {"at_least": 1, "at_most": 0}}, None, "lower limit lies above"),
        ({"output": {"rate": [0.9, 0.1]}}, None, "lower limit lies above"),
        ({"fallback": {"constant": "a"}}, None, "`constant: a` is not a number"),
        ({"fallback": {"constant": 7}}, None, "`constant: 7.0` does not lie from 0 to 1"),
        ({"fallback": {"constant": "d"}}, MULTI, "none of the target's classes"),
    ],
)
def test_what_does_not_fit_the_model_is_refused_in_a_sentence(
    scoring: dict[str, Any], target: dict[str, Any] | None, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        config(scoring, target)


def test_two_overrides_of_one_name_are_refused() -> None:
    [one] = override(filter=True)["overrides"]

    with pytest.raises(ValueError, match="each has a name of its own"):
        config({"overrides": [one, one]})


@pytest.mark.parametrize(
    ("scoring", "target"),
    [
        (override(replace="b") | {"fallback": {"constant": "a"}}, MULTI),
        (override(at_most=500) | {"output": {"at_least": 0}}, NUMBER),
        (override(replace=0) | {"output": {"rate": [0.1, 0.9]}}, None),
    ],
)
def test_what_fits_is_taken(scoring: dict[str, Any], target: dict[str, Any] | None) -> None:
    assert config(scoring, target).scoring.overrides[0].name == "far"
