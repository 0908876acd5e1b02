import numpy as np
import pandas as pd
import pytest

from core.domain.target import Target
from functions.ml.training.leakage import copies_of, leaks

LATE = Target(column="late", delay_days=1)
KIND = Target(column="kind", delay_days=1, task="multiclass", classes=("a", "b", "c"))
DELAY = Target(column="delay", delay_days=1, task="regression", between=(-50, 50))


def some_rows(rows: int = 1200) -> tuple[pd.DataFrame, np.ndarray]:
    """Honest features, none of them much better than the rest, and the number they tell of."""
    rng = np.random.default_rng(3)
    honest = {name: rng.normal(size=rows) for name in ("wind", "rain", "traffic")}
    told = sum(honest.values()) + rng.normal(scale=2, size=rows)
    return pd.DataFrame(honest | {"carrier": rng.choice(["AA", "UA"], rows)}), told


def truths_of(task: Target, told: np.ndarray) -> np.ndarray:
    if task is LATE:
        return (told > 1).astype(np.float64)
    return np.digitize(told, [-1, 1]).astype(np.float64) if task is KIND else told


TASKS = pytest.mark.parametrize("task", [LATE, KIND, DELAY], ids=lambda task: task.task)


@TASKS
def test_honest_features_are_not_too_good(task: Target) -> None:
    features, told = some_rows()

    assert leaks(features, truths_of(task, told), task, seed=0) == []


@TASKS
def test_what_is_known_only_after_the_event_is_too_good(task: Target) -> None:
    features, told = some_rows()
    noise = np.random.default_rng(4).normal(scale=0.2, size=len(told))
    leaking = features.assign(landed_at=told + noise)

    [leak] = leaks(leaking, truths_of(task, told), task, seed=0)

    assert leak.column == "landed_at"
    assert leak.alone > 0.8 > leak.rest


def test_a_category_can_leak_too() -> None:
    features, told = some_rows()
    late = truths_of(LATE, told)
    leaking = features.assign(refund=np.where(late == 1, "paid", "none"))

    [leak] = leaks(leaking, late, LATE, seed=0)

    assert (leak.column, leak.is_copy) == ("refund", True)


def test_a_leak_that_stands_there_twice_does_not_hide_itself() -> None:
    features, told = some_rows()
    noise = np.random.default_rng(4).normal(scale=0.4, size=len(told))
    landed = told + noise
    leaking = features.assign(landed_min=landed, landed_s=landed * 60)

    found = leaks(leaking, truths_of(DELAY, told), DELAY, seed=0)

    assert {leak.column for leak in found} == {"landed_min", "landed_s"}


def test_the_only_feature_has_nothing_to_be_compared_with() -> None:
    _, told = some_rows()
    alone = pd.DataFrame({"wind": told + np.random.default_rng(4).normal(size=len(told))})

    assert leaks(alone, truths_of(DELAY, told), DELAY, seed=0) == []


@pytest.mark.parametrize("constant", [0.0, 1.0])
def test_where_there_is_nothing_to_tell_apart_nothing_leaks(constant: float) -> None:
    features, _ = some_rows()

    assert leaks(features, np.full(len(features), constant), LATE, seed=0) == []


def test_of_few_rows_nothing_is_said() -> None:
    features, told = some_rows(rows=150)

    assert leaks(features.assign(copy=told), truths_of(DELAY, told), DELAY, seed=0) == []


def test_a_feature_that_is_empty_at_first_or_constant_is_no_trouble() -> None:
    features, told = some_rows()
    rows = np.arange(len(features))
    odd = features.assign(new=np.where(rows > 1000, told, np.nan), constant=1.0, empty=np.nan)

    assert leaks(odd, truths_of(LATE, told), LATE, seed=0) == []


def test_a_feature_that_is_what_the_model_predicted_is_named() -> None:
    features, told = some_rows()
    predicted = 1 / (1 + np.exp(-told))
    learned_from_itself = features.assign(risk=np.round(predicted, 3))

    assert copies_of(learned_from_itself, predicted) == ["risk"]
    assert copies_of(features, predicted) == []
    assert copies_of(features.assign(zero=0.0), np.zeros(len(features))) == []
