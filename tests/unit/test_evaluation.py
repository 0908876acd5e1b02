import json
from typing import Any

import pytest
from pydantic import ValidationError

from core.adapters.document import Stored, read_document
from core.domain.challenge_of_version import judged_by
from core.domain.evaluation import (
    Calibration,
    Estimate,
    Evaluation,
    KpiFound,
    Metric,
    Part,
    Standard,
)
from core.domain.evaluation_words import (
    calibration_in_words,
    difference_in_words,
    kpi_in_words,
    part_in_words,
    standard_in_words,
    worst_in_words,
)
from core.domain.figures import is_same_yardstick
from core.domain.ids import VersionId
from core.domain.where import Condition, in_words
from tests.builders import NOON, a_challenge, a_config
from tests.unit.test_version import used

VERSION, CHAMPION = VersionId("ver_a"), VersionId("ver_b")


def an_evaluation(**changes: Any) -> Evaluation:
    stated = {
        "id": Evaluation.id_of(VERSION, "e", "s", CHAMPION),
        "model": "flights",
        "version": VERSION,
        "evaluator_hash": "e",
        "validation": (used(),),
        "validation_set": "s",
        "made_at": NOON,
        "rows": 900,
        "champion": CHAMPION,
        "metrics": (a_metric(0.01),),
    }
    return Evaluation.model_validate(stated | changes)


def a_metric(gain: float) -> Metric:
    return Metric(
        name="brier",
        version=Estimate(middle=0.14, low=0.13, high=0.15),
        champion=Estimate(middle=0.14 + gain),
        gain=an_interval(gain),
    )


def an_interval(middle: float, half: float = 0.005) -> Estimate:
    return Estimate(middle=middle, low=middle - half, high=middle + half)


def a_part(name: str, gain: float | None, **changes: Any) -> Part:
    metrics = () if gain is None else (a_metric(gain),)
    stated = {"kind": "slice", "name": name, "rows": 120, "metrics": metrics}
    return Part.model_validate(stated | changes)


@pytest.mark.parametrize(
    "other",
    [
        (CHAMPION, "e", "s", CHAMPION),
        (VERSION, "f", "s", CHAMPION),
        (VERSION, "e", "t", CHAMPION),
        (VERSION, "e", "s", None),
    ],
)
def test_another_evaluator_other_rows_or_another_champion_are_new_evidence(
    other: tuple[VersionId, str, str, VersionId | None],
) -> None:
    assert Evaluation.id_of(*other) != an_evaluation().id


def test_only_evaluations_of_one_evaluator_on_one_set_mean_the_same() -> None:
    one = an_evaluation()

    assert is_same_yardstick(one, an_evaluation(version=CHAMPION))
    assert not is_same_yardstick(one, an_evaluation(evaluator_hash="f"))
    assert not is_same_yardstick(one, an_evaluation(validation_set="t"))


@pytest.mark.parametrize(
    ("low", "high", "standing"),
    [
        (-0.009, 0.02, "no worse"),
        (-0.01, 0.02, "not known"),
        (-0.03, -0.01, "not known"),
        (-0.03, -0.011, "worse"),
    ],
)
def test_a_margin_that_is_exactly_reached_shows_nothing(
    low: float, high: float, standing: str
) -> None:
    gain = Estimate(middle=(low + high) / 2, low=low, high=high)

    assert Standard(name="EU", gain=gain, margin=0.01).standing == standing


@pytest.mark.parametrize("gain", [None, Estimate(middle=0.0)])
def test_what_was_not_judged_is_not_known(gain: Estimate | None) -> None:
    assert Standard(name="EU", gain=gain, margin=0.01).standing == "not known"


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (an_interval(0.01), "better by 0.01 (0.005 to 0.015)"),
        (an_interval(-0.01), "worse by 0.01 (0.005 to 0.015)"),
        (an_interval(0.001), "no difference shown (\N{MINUS SIGN}0.004 to +0.006)"),
        (Estimate(middle=0.001), "+0.001, too few rows for an interval"),
        (None, "not compared"),
    ],
)
def test_a_difference_says_how_sure_it_is(gain: Estimate | None, said: str) -> None:
    assert difference_in_words(gain) == said


def test_the_worst_parts_come_first_and_what_was_not_judged_is_not_among_them() -> None:
    parts = (
        a_part("a", 0.02),
        a_part("b", -0.02),
        a_part("c", None, rows=7),
        a_part("storm", 0.0, kind="scenario"),
        a_part("filed failures", -0.03, kind="failures"),
        a_part("1", -0.5, kind="label"),
    )

    worst = worst_in_words(an_evaluation(parts=parts))

    assert [line.split(" (")[0] for line in worst] == [
        "filed failures",
        "slice `b`",
        "scenario `storm`",
    ]
    assert part_in_words(parts[2]) == "slice `c`: too few rows (7)"


def test_without_a_champion_the_parts_with_the_highest_loss_are_the_worst() -> None:
    alone = [
        a_part(name, 0).model_copy(
            update={"metrics": (Metric(name="brier", version=an_interval(loss)),)}
        )
        for name, loss in (("a", 0.1), ("b", 0.3))
    ]

    first, _ = worst_in_words(an_evaluation(champion=None, parts=tuple(alone)))

    assert first == "slice `b` (120 rows): Brier score 0.3 (0.295 to 0.305)"


def test_the_card_shows_all_that_was_found() -> None:
    kpi = KpiFound(
        name="Saved",
        unit="h",
        version=Estimate(middle=1234),
        champion=Estimate(middle=1100),
        gain=an_interval(134, 20),
    )
    right = Calibration(error=an_interval(0.012), part_of_loss=an_interval(0.0), bins=())
    evaluation = an_evaluation(
        parts=(a_part("night", -0.02),),
        kpi=kpi,
        calibration=right,
        champion_calibration=right,
        standards=(Standard(name="night", gain=an_interval(-0.02), margin=0.01),),
    )

    card = judged_by(a_challenge(), evaluation)

    assert card.kpi == "Saved 1,234 h, champion 1,100 h; better by 134 (114 to 154)"
    assert card.calibration == "Off by 0.012 on average (0.007 to 0.017), champion by 0.012"
    assert card.worst_slices == (
        "slice `night` (120 rows): Brier score 0.14, champion 0.12; worse by 0.02 (0.015 to 0.025)",
    )
    assert card.standards == (
        "night: *worse* than the champion by 0.01: worse by 0.02 (0.015 to 0.025)",
    )
    assert card.gain == (0.005, 0.01, 0.015)
    assert card.compared[0].difference == "better by 0.01 (0.005 to 0.015)"
    assert (card.loss, card.against) == ("Brier score", CHAMPION)


def test_what_the_config_does_not_ask_for_is_not_shown() -> None:
    card = judged_by(a_challenge(), an_evaluation(champion=None))

    assert (card.kpi, card.calibration, card.worst_slices, card.standards) == (None, None, (), ())
    assert calibration_in_words(None, None) is None


def test_a_kpi_alone_and_one_without_a_value_are_said_too() -> None:
    alone = KpiFound(name="Saved", unit=None, version=an_interval(5, 1))
    none = KpiFound(name="Saved", unit="h", version=None, trouble="it divides by zero")

    assert kpi_in_words(alone) == "Saved 5 (4 to 6)"
    assert kpi_in_words(none) == "Saved: no value, it divides by zero"


def test_a_margin_that_is_kept_is_said_so() -> None:
    standard = Standard(name="Accuracy", gain=an_interval(0.01), margin=0.01)

    assert standard_in_words(standard).startswith("Accuracy: no worse than the champion by 0.01")


@pytest.mark.parametrize("is_compared", [True, False])
def test_an_evaluation_of_schema_1_can_still_be_read(
    is_compared: bool,  # noqa: FBT001 - whether it had a champion
) -> None:
    metrics = {
        "rows": 900,
        "base_rate": 0.2,
        "brier": 0.14,
        "log_loss": 0.4,
        "accuracy": 0.8,
        "roc_auc": None,
    }
    stored = {
        "id": "evl_1",
        "revision": 1,
        "model": "flights",
        "version": "ver_a",
        "evaluator_hash": "e",
        "validation": [used().model_dump()],
        "made_at": "2013-02-08T12:00:00Z",
        "metrics": metrics,
        "champion": "ver_b" if is_compared else None,
        "champion_metrics": metrics if is_compared else None,
        "brier_gain": {"low": -0.1, "middle": 0, "high": 0.1} if is_compared else None,
    }

    read = read_document(Evaluation, Stored("evl", 0, 1, json.dumps(stored)))

    assert [metric.name for metric in read.metrics] == ["brier", "log_loss", "accuracy"]
    assert (read.rows, read.metrics[0].version) == (900, Estimate(middle=0.14))
    assert (read.gain == Estimate(low=-0.1, middle=0, high=0.1)) is is_compared
    assert (read.champion == CHAMPION) is is_compared


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


def test_a_missing_category_is_said_in_words() -> None:
    assert in_words((Condition(column="carrier", one_of=("", "AA")),)) == (
        "carrier is missing or AA"
    )
