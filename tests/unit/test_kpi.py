import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.evaluation_config import Kpi
from core.domain.kpi import COUNTS, NoNumber, kpi_misfit, kpi_value
from functions.ml.judging.kpi import counts, kpi_found
from tests.unit.judged_rows import BINARY, CLASSES, NUMBER, judged

BINARY_NAMES = COUNTS["binary"]


def a_kpi(expression: str, **changes: str) -> Kpi:
    return Kpi.model_validate({"name": "Saved", "expression": expression} | changes)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("12 * true_positives - 3 * false_positives", 33),
        ("-rows + +2", -8),
        ("  (true_positives + 1) / rows ", 0.5),
        ("1e2 - 0.5", 99.5),
    ],
)
def test_arithmetic_is_computed(expression: str, value: float) -> None:
    counted = {"true_positives": 4.0, "false_positives": 5.0, "rows": 10.0}

    assert kpi_misfit(expression, BINARY_NAMES) is None
    assert kpi_value(expression, counted) == value


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("12 * true_positive", "named `true_positive`; did you mean `true_positives`?"),
        ("profit", "nothing counted is named `profit`; there are `rows`, `partitions`"),
        ("rows ** 9", "`rows ** 9` is not offered"),
        ("rows // 2", "`rows // 2` is not offered"),
        ("__import__('os').system('ls')", "is not offered"),
        ("rows.__class__", "`rows.__class__` is not offered"),
        ("(lambda: 1)()", "is not offered"),
        ("[rows for rows in rows]", "is not offered"),
        ("'a' * 9", "`'a'` is not offered"),
        ("rows if rows else 1", "is not offered"),
        ("rows < 3", "is not offered"),
        ("~rows", "is not offered"),
        ("True", "`True` is no number"),
        ("1j * rows", "is not offered"),
        ("1e999", "a number in it is too large"),
        ("9" * 301, "a number in it is too large"),
        ("", "it cannot be read"),
        ("rows +", "it cannot be read"),
        ("rows\x00", "it cannot be read"),
        ("(" * 290 + "1", "it cannot be read"),
        ("rows = 3", "it cannot be read"),
    ],
)
def test_everything_else_is_refused_in_words(expression: str, said: str) -> None:
    refused = kpi_misfit(expression, BINARY_NAMES)

    assert refused is not None
    assert said in refused


@given(st.text(max_size=300))
def test_whatever_is_written_is_computed_or_refused(expression: str) -> None:
    if kpi_misfit(expression, BINARY_NAMES) is None:
        try:
            value = kpi_value(expression, dict.fromkeys(BINARY_NAMES, 1.0))
        except NoNumber:
            return
        assert np.isfinite(value)


@pytest.mark.parametrize(
    ("expression", "why"), [("1 / (rows - 4)", "divides by zero"), ("1e299 * 1e299", "too large")]
)
def test_a_value_that_does_not_exist_says_why(expression: str, why: str) -> None:
    found = kpi_found(a_kpi(expression), judged([0.2] * 4, [0] * 4), None)

    assert found.version is None
    assert found.trouble is not None
    assert why in found.trouble


def test_a_value_that_hangs_on_one_day_has_no_interval() -> None:
    version = judged([0.9] + [0.1] * 13, [1] + [0] * 13, days=7)

    found = kpi_found(a_kpi("1 / true_positives"), version, None)

    assert found.version is not None
    assert (found.version.middle, found.version.low) == (1, None)


def test_everything_that_is_counted_has_its_name_and_the_other_way_round() -> None:
    said = [[0.6, 0.3, 0.1]] * 4

    for target, predictions in ((BINARY, [0.2] * 4), (CLASSES, said), (NUMBER, [1.0] * 4)):
        counted = counts(judged(predictions, [0] * 4, target))
        means = {f"mean_{name.removeprefix('sum_')}" for name in counted if name[:4] == "sum_"}
        assert set(COUNTS[target.task]) <= set(counted) | means
        assert set(counted) <= set(COUNTS[target.task])


def test_two_classes_are_counted_by_hand() -> None:
    found = counts(judged([0.9, 0.8, 0.2, 0.1, 0.4], [1, 0, 1, 0, 0]))

    assert {name: sums.sum() for name, sums in found.items()} == pytest.approx(
        {
            "rows": 5,
            "partitions": 1,
            "true_positives": 1,
            "false_positives": 1,
            "false_negatives": 1,
            "true_negatives": 2,
            "predicted_ones": 2,
            "actual_ones": 2,
            "sum_score": 2.4,
        }
    )


def test_numbers_that_are_too_high_and_too_low_are_told_apart() -> None:
    version = judged([3.0, 1.0], [1.0, 2.0], NUMBER)

    found = kpi_found(a_kpi("5 * sum_too_low + sum_too_high + 0 * mean_error"), version, None)

    assert found.version is not None
    assert found.version.middle == 7


@pytest.mark.parametrize(("is_better", "sign"), [("higher", 1), ("lower", -1)])
def test_the_gain_of_a_kpi_goes_the_way_that_is_better(is_better: str, sign: int) -> None:
    rng = np.random.default_rng(0)
    true = rng.integers(0, 2, 700)
    version, champion = judged(true, true, days=7), judged(1 - true, true, days=7)

    found = kpi_found(a_kpi("true_positives", is_better=is_better), version, champion)

    assert found.gain is not None
    assert found.gain.middle == sign * true.sum()


def test_the_interval_of_a_total_holds_the_true_one_19_times_of_20() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(300):
        true = (rng.uniform(size=700) < 0.3).astype(float)
        found = kpi_found(a_kpi("10 * true_positives"), judged(np.ones(700), true, days=7), None)
        assert found.version is not None
        assert found.version.low is not None
        assert found.version.high is not None
        held += found.version.low <= 10 * 700 * 0.3 <= found.version.high

    assert held / 300 == pytest.approx(0.95, abs=0.03)
