from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import ArrayLike, NDArray
from pydantic import ValidationError
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    log_loss,
    mean_absolute_error,
    mean_pinball_loss,
    mean_squared_error,
)

from core.domain.target import Target
from functions.ml.judging.mistakes import mistakes
from functions.ml.judging.turned_out import turned_out
from functions.ml.losses import losses

BINARY = Target(column="late", delay_days=1)
CLASSES = Target(
    column="kind", task="multiclass", classes=("low", "middle", "high", "none"), delay_days=1
)
NUMBER = Target(column="delay", task="regression", between=(-10, 30), delay_days=1)
QUANTILE = NUMBER.model_copy(update={"loss": "pinball", "quantile": 0.9})

Array = NDArray[np.float64]
shares = st.floats(0, 1)
spread = arrays(np.float64, 4, elements=st.floats(0.001, 1))


@st.composite
def of_classes(draw: st.DrawFn) -> tuple[Array, Array]:
    """Draw probabilities of four classes, and which of them became true."""
    rows = draw(st.integers(1, 40))
    weights = draw(arrays(np.float64, (rows, 4), elements=st.floats(0.001, 1)))
    truths = draw(arrays(np.int64, rows, elements=st.integers(0, 3))).astype(np.float64)
    return weights / weights.sum(axis=1, keepdims=True), truths


@st.composite
def of_two(draw: st.DrawFn) -> tuple[Array, Array]:
    rows = draw(st.integers(1, 40))
    truths = draw(arrays(np.int64, rows, elements=st.integers(0, 1))).astype(np.float64)
    return draw(arrays(np.float64, rows, elements=shares)), truths


@st.composite
def of_numbers(draw: st.DrawFn) -> tuple[Array, Array]:
    rows = draw(st.integers(1, 40))
    values = arrays(np.float64, rows, elements=st.floats(-1e6, 1e6))
    return draw(values), draw(values)


def lost(target: Target, prediction: ArrayLike, truth: float) -> float:
    rows = np.atleast_2d(prediction) if target.classes else np.atleast_1d(prediction)
    return float(losses(target, np.asarray(rows, np.float64), np.array([truth]))[0])


def test_a_case_worked_out_by_hand() -> None:
    assert lost(BINARY, 0.7, 1) == pytest.approx(0.09)
    expected = (0.5**2 + 0.3**2 + 0.2**2) / 2
    assert lost(CLASSES, [0.3, 0.5, 0.2, 0.0], 1) == pytest.approx(expected)
    assert lost(NUMBER, 5.0, 15.0) == pytest.approx((10 / 40) ** 2)
    assert lost(QUANTILE, 5.0, 15.0) == pytest.approx(0.9 * 10 / 40)
    assert lost(QUANTILE, 15.0, 5.0) == pytest.approx(0.1 * 10 / 40)


def test_an_error_as_large_as_the_span_or_larger_costs_1() -> None:
    assert lost(NUMBER, -10, 30) == 1
    assert lost(NUMBER, 1000, 0) == 1


@given(of_two(), of_classes(), of_numbers())
def test_every_loss_lies_between_0_and_1(
    two: tuple[Array, Array], classes: tuple[Array, Array], numbers: tuple[Array, Array]
) -> None:
    of_both = ((NUMBER, numbers), (QUANTILE, numbers))
    for target, found in ((BINARY, two), (CLASSES, classes), *of_both):
        of_rows = losses(target, *found)
        assert of_rows.shape == found[1].shape
        assert (of_rows >= 0).all()
        assert (of_rows <= 1 + 1e-12).all()


@given(st.integers(0, 3), st.floats(-10, 30))
def test_what_is_certain_and_right_costs_nothing_and_what_is_certain_and_wrong_costs_all(
    place: int, number: float
) -> None:
    certain = np.eye(4)[place]

    assert lost(BINARY, place % 2, place % 2) == 0
    assert lost(BINARY, place % 2, 1 - place % 2) == 1
    assert lost(CLASSES, certain, place) == 0
    assert lost(CLASSES, certain, (place + 1) % 4) == 1
    assert lost(NUMBER, number, number) == 0


@given(shares, shares)
def test_of_two_nobody_does_better_than_the_true_probability(truth: float, other: float) -> None:
    def expected(said: float) -> float:
        return truth * lost(BINARY, said, 1) + (1 - truth) * lost(BINARY, said, 0)

    assert expected(truth) <= expected(other) + 1e-12


@given(spread, spread)
def test_of_several_nobody_does_better_than_the_true_probabilities(
    weights: Array, others: Array
) -> None:
    truth, other = weights / weights.sum(), others / others.sum()

    def expected(said: Array) -> float:
        return sum(float(truth[place]) * lost(CLASSES, said, place) for place in range(4))

    assert expected(truth) <= expected(other) + 1e-12


@given(arrays(np.float64, 10, elements=st.floats(-10, 30)), st.floats(-10, 30))
def test_of_a_number_within_its_span_nobody_does_better_than_the_mean(
    truths: Array, other: float
) -> None:
    def expected(said: float) -> float:
        return float(np.mean(losses(NUMBER, np.full(10, said), truths)))

    assert expected(float(truths.mean())) <= expected(other) + 1e-12


@given(arrays(np.float64, 9, elements=st.floats(-10, 30)), st.floats(-10, 30))
def test_of_a_number_within_its_span_nobody_does_better_than_the_quantile(
    truths: Array, other: float
) -> None:
    def expected(said: float) -> float:
        return float(np.mean(losses(QUANTILE, np.full(9, said), truths)))

    best = float(np.quantile(truths, 0.9, method="inverted_cdf"))

    assert expected(best) <= expected(other) + 1e-12


@given(of_numbers(), st.floats(0.01, 0.99))
def test_of_a_quantile_the_loss_is_that_of_scikit_learn(
    found: tuple[Array, Array], quantile: float
) -> None:
    predictions, truths = found
    target = QUANTILE.model_copy(update={"quantile": quantile, "between": (-2e6, 2e6)})

    turned = turned_out(target, 0.5, predictions, truths)

    theirs = mean_pinball_loss(truths, predictions, alpha=quantile)
    assert turned.mean_pinball_loss == pytest.approx(theirs)
    assert turned.loss == pytest.approx(theirs / 4e6)
    assert mistakes(target, 0.5, predictions, truths).mean() == pytest.approx(turned.loss)
    assert (turned.accuracy, turned.root_mean_squared_error) == (None, None)
    assert (turned.mean_absolute_error, turned.quantile) == (None, quantile)


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": "pinball"},
        {"quantile": 0.5},
        {"loss": "pinball", "quantile": 1.0},
        {"loss": "pinball", "quantile": 0.5, "task": "binary", "between": None},
        {"loss": "absolute"},
    ],
)
def test_a_quantile_goes_with_its_loss_and_with_a_number(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate(NUMBER.model_dump() | wrong)


@given(of_two())
def test_of_two_classes_the_numbers_are_those_of_scikit_learn(found: tuple[Array, Array]) -> None:
    predictions, truths = found

    turned = turned_out(BINARY, 0.5, predictions, truths)

    assert turned.loss == pytest.approx(brier_score_loss(truths, predictions, pos_label=1))
    expected = log_loss(truths, np.column_stack([1 - predictions, predictions]), labels=[0, 1])
    assert turned.log_loss == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert turned.accuracy == accuracy_score(truths, predictions > 0.5)


@given(of_classes())
def test_of_several_classes_the_numbers_are_those_of_scikit_learn(
    found: tuple[Array, Array],
) -> None:
    predictions, truths = found

    turned = turned_out(CLASSES, 0.5, predictions, truths)

    labels = [0.0, 1.0, 2.0, 3.0]
    brier = brier_score_loss(truths, predictions, labels=labels, scale_by_half=True)
    assert turned.loss == pytest.approx(brier)
    assert turned.log_loss == pytest.approx(log_loss(truths, predictions, labels=labels))
    assert turned.accuracy == accuracy_score(truths, predictions.argmax(axis=1))
    assert (turned.mean_absolute_error, turned.root_mean_squared_error) == (None, None)


@given(of_numbers())
def test_of_numbers_the_errors_are_those_of_scikit_learn(found: tuple[Array, Array]) -> None:
    predictions, truths = found

    turned = turned_out(NUMBER, 0.5, predictions, truths)

    squared = mean_squared_error(truths, predictions)
    assert turned.root_mean_squared_error == pytest.approx(squared**0.5)
    assert turned.mean_absolute_error == pytest.approx(mean_absolute_error(truths, predictions))
    assert (turned.log_loss, turned.accuracy) == (None, None)


def test_the_cut_of_the_config_says_what_counts_as_a_1() -> None:
    predictions, truths = np.array([0.3, 0.4]), np.array([0.0, 1.0])

    assert turned_out(BINARY, 0.35, predictions, truths).accuracy == 1
    assert turned_out(BINARY, 0.4, predictions, truths).accuracy == 0.5
