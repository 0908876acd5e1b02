"""The section `evaluation` of a config, and the metrics of each target."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders import a_config


@pytest.mark.parametrize(
    ("evaluation", "said"),
    [
        ({"metric": "mean_absolute_error"}, "metric: `mean_absolute_error` does not go with"),
        (
            {"kpi": {"name": "Saved", "expression": "3 * true_positive"}},
            "kpi.expression: nothing counted is named `true_positive`; did you mean `true_pos",
        ),
        (
            {"kpi": {"name": "Saved", "expression": "sum_error"}},
            "kpi.expression: nothing counted is named `sum_error`",
        ),
        (
            {"slices": [{"name": "EU", "where": [{"column": "region", "one_of": ["EU"]}]}]},
            "slices: `EU`: there is no column `region`",
        ),
        (
            {"slices": [{"name": "EU", "where": [{"column": "carrier", "below": 3}]}]},
            "slices: `EU`: `carrier` is no number, so use `one_of`",
        ),
        (
            {"scenarios": [{"name": "x", "partitions": ["2013-01-01"]}] * 2},
            "scenarios: `x` stands there twice",
        ),
    ],
)
def test_a_section_that_does_not_fit_is_refused_by_name(
    evaluation: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match="evaluation") as refused:
        a_config(evaluation=evaluation)

    assert said in str(refused.value)


def test_a_number_has_its_own_metric_and_names() -> None:
    target = {"column": "delay", "task": "regression", "between": [0, 60], "delay_days": 1}
    kpi = {"name": "Cost", "expression": "2 * sum_too_low + sum_too_high", "is_better": "lower"}

    config = a_config(target=target, evaluation={"kpi": kpi})

    assert config.evaluation.decision(config.target) == "mean_absolute_error"


def test_a_quantile_is_judged_by_its_own_loss_and_by_no_other() -> None:
    target = {"column": "delay", "task": "regression", "between": [0, 60], "delay_days": 1}
    quantile = target | {"loss": "pinball", "quantile": 0.9}

    config = a_config(target=quantile)

    assert config.evaluation.decision(config.target) == "mean_pinball_loss"
    for wrong, of in (("mean_absolute_error", quantile), ("mean_pinball_loss", target)):
        with pytest.raises(ValidationError, match=f"metric: `{wrong}` does not go with `loss: "):
            a_config(target=of, evaluation={"metric": wrong})
