from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.domain.model_config import Column
from core.domain.target import Target
from functions.ml.training.config_refused import (
    CannotFit,
    ConfigRefused,
    NotOffered,
    ParameterNotOffered,
    UnknownParameter,
    WrongParameter,
    WrongTask,
)
from functions.ml.training.pipeline import (
    CannotLearn,
    NothingToLearnFrom,
    build,
    learn,
    made_for,
    predict,
    try_out,
)
from functions.placing import MadeFor
from tests.unit.trainings import (
    ALL,
    BINARY,
    CLASSES,
    COLUMNS,
    NUMBER,
    QUANTILE,
    REGRESSORS,
    a_training,
    some_rows,
)


@pytest.mark.parametrize("estimator", ALL)
def test_every_allowed_estimator_takes_missing_numbers_and_unknown_categories(
    estimator: str,
) -> None:
    features, labels = some_rows()
    strange = pd.DataFrame({"distance": [np.nan, 9.0], "carrier": ["never seen", "AA"]})

    pipeline = learn(a_training(estimator), COLUMNS, features, labels, BINARY)

    scores = predict(pipeline, strange)
    assert scores.shape == (2,)
    assert ((scores >= 0) & (scores <= 1)).all()


@pytest.mark.parametrize("estimator", [name for name in ALL if name != "DummyClassifier"])
def test_what_can_be_learned_is_learned(estimator: str) -> None:
    features, labels = some_rows()

    scores = predict(learn(a_training(estimator), COLUMNS, features, labels, BINARY), features)

    assert np.mean((scores > 0.5) == labels) > 0.85


@pytest.mark.parametrize("estimator", ALL)
def test_the_same_rows_and_seed_give_the_same_scores(estimator: str) -> None:
    features, labels = some_rows()
    made_once = learn(a_training(estimator), COLUMNS, features, labels, BINARY)

    made_again = learn(a_training(estimator), COLUMNS, features, labels, BINARY)

    np.testing.assert_array_equal(predict(made_again, features), predict(made_once, features))


@pytest.mark.parametrize("estimator", ALL)
def test_a_column_that_was_always_empty_is_left_out(estimator: str) -> None:
    features, labels = some_rows()
    columns = COLUMNS | {"plane_age": Column(type="number")}

    pipeline = learn(
        a_training(estimator), columns, features.assign(plane_age=np.nan), labels, BINARY
    )

    scores = predict(pipeline, features.assign(plane_age=12.0))
    np.testing.assert_array_equal(scores, predict(pipeline, features))


def test_rows_that_are_all_empty_teach_nothing() -> None:
    empty = pd.DataFrame({"distance": [np.nan, np.nan]})

    with pytest.raises(NothingToLearnFrom, match="empty in all rows"):
        learn(
            a_training(), {"distance": Column(type="number")}, empty, np.array([0.0, 1.0]), BINARY
        )


def test_no_rows_have_no_scores() -> None:
    features, labels = some_rows()
    pipeline = learn(a_training(), COLUMNS, features, labels, BINARY)

    assert predict(pipeline, features.head(0)).shape == (0,)


def test_boosting_keeps_no_random_rows_back() -> None:
    estimator = build(a_training("HistGradientBoostingClassifier"), COLUMNS, BINARY)["estimator"]

    assert estimator.early_stopping is False
    assert estimator.random_state == 3


def test_an_estimator_outside_the_list_is_refused_with_the_list() -> None:
    with pytest.raises(NotOffered, match=r"training.estimator: `SVC`.*LogisticRegression"):
        build(a_training("SVC"), COLUMNS, BINARY)


def test_a_misspelled_parameter_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        UnknownParameter, match=r"training.parameters.max_itr: .* has no such parameter; .*max_iter"
    ):
        build(a_training(max_itr=5), COLUMNS, BINARY)


@pytest.mark.parametrize(
    ("estimator", "parameter", "why"),
    [
        ("LogisticRegression", "random_state", "training.seed"),
        ("HistGradientBoostingClassifier", "early_stopping", "at random"),
        ("RandomForestClassifier", "n_jobs", "same numbers on any machine"),
    ],
)
def test_a_parameter_that_would_undo_a_promise_is_refused_with_the_reason(
    estimator: str, parameter: str, why: str
) -> None:
    with pytest.raises(ParameterNotOffered, match=f"{parameter} cannot be set: .*{why}"):
        build(a_training(estimator, **{parameter: 1}), COLUMNS, BINARY)


def test_a_value_that_scikit_learn_refuses_is_refused_before_any_row_is_read() -> None:
    with pytest.raises(WrongParameter, match=r"The 'max_iter' parameter .* must be an int"):
        build(a_training(max_iter=-1), COLUMNS, BINARY)


def places(labels: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Make three classes of two: every third row is of the last one."""
    return np.where(np.arange(len(labels)) % 3 == 0, 2.0, labels)


@pytest.mark.parametrize("estimator", ALL)
def test_of_several_classes_each_has_a_probability_and_one_never_seen_has_none(
    estimator: str,
) -> None:
    features, labels = some_rows()
    strange = pd.DataFrame({"distance": [np.nan, 9.0], "carrier": ["never seen", "AA"]})

    pipeline = learn(a_training(estimator), COLUMNS, features, places(labels), CLASSES)

    assert made_for(pipeline) == MadeFor("multiclass", CLASSES.classes)
    probabilities = predict(pipeline, strange)
    assert probabilities.shape == (2, 4)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert probabilities[:, 3].tolist() == [0, 0]
    assert predict(pipeline, strange.head(0)).shape == (0, 4)


def test_probabilities_stand_in_the_order_of_the_config_when_a_class_in_between_is_missing() -> (
    None
):
    features, labels = some_rows()

    pipeline = learn(a_training(), COLUMNS, features, labels * 2, CLASSES)

    probabilities = predict(pipeline, features)
    binary = predict(learn(a_training(), COLUMNS, features, labels, BINARY), features)
    assert not probabilities[:, [1, 3]].any()
    np.testing.assert_allclose(probabilities[:, 2], binary)


@pytest.mark.parametrize("estimator", REGRESSORS)
def test_every_regressor_takes_missing_numbers_and_unknown_categories(estimator: str) -> None:
    features, _ = some_rows()
    strange = pd.DataFrame({"distance": [np.nan, 9.0], "carrier": ["never seen", "AA"]})
    numbers = features["distance"].fillna(0).to_numpy()

    pipeline = learn(a_training(estimator), COLUMNS, features, numbers, NUMBER)

    assert made_for(pipeline) == MadeFor("regression")
    assert np.isfinite(predict(pipeline, strange)).all()
    assert predict(pipeline, strange.head(0)).shape == (0,)


@pytest.mark.parametrize("estimator", [name for name in REGRESSORS if name != "DummyRegressor"])
def test_a_number_that_can_be_learned_is_learned_with_the_same_result_again(estimator: str) -> None:
    features, _ = some_rows()
    numbers = features["distance"].fillna(0).to_numpy() * 2 + 1
    pipeline = learn(a_training(estimator), COLUMNS, features, numbers, NUMBER)

    again = learn(a_training(estimator), COLUMNS, features, numbers, NUMBER)

    predictions = predict(pipeline, features)
    assert np.corrcoef(predictions, numbers)[0, 1] > 0.95
    np.testing.assert_array_equal(predict(again, features), predictions)


@pytest.mark.parametrize(
    ("estimator", "target", "why"),
    [
        ("RandomForestClassifier", NUMBER, "predicts classes, .* is regression; .*Ridge"),
        ("Ridge", BINARY, "predicts a number, .* is binary; .*LogisticRegression"),
        ("DummyRegressor", CLASSES, "predicts a number, .* is multiclass; .*Logistic"),
    ],
)
def test_an_estimator_for_another_kind_of_target_is_refused_with_those_that_fit(
    estimator: str, target: Target, why: str
) -> None:
    with pytest.raises(WrongTask, match=f"training.estimator: `{estimator}` {why}"):
        build(a_training(estimator), COLUMNS, target)


@pytest.mark.parametrize("estimator", ["HistGradientBoostingRegressor", "DummyRegressor"])
def test_where_a_quantile_is_predicted_that_one_is_learned(estimator: str) -> None:
    features, _ = some_rows()
    numbers = np.random.default_rng(5).exponential(size=len(features))

    pipeline = learn(a_training(estimator), COLUMNS, features, numbers, QUANTILE)

    assert np.mean(numbers <= predict(pipeline, features)) == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize(
    ("estimator", "parameters", "why"),
    [
        ("Ridge", {}, "`Ridge` predicts a mean, and the target is the 0.9 quantile .* choose one"),
        ("HistGradientBoostingRegressor", {"loss": "squared_error"}, "loss cannot be set: the tar"),
        ("HistGradientBoostingRegressor", {"quantile": 0.5}, "quantile cannot be set: the target"),
        ("DummyRegressor", {"strategy": "mean"}, "strategy cannot be set: the target says which"),
        ("LogisticRegression", {}, "predicts classes"),
        ("Lasso", {}, "`Lasso` is not offered"),
    ],
)
def test_what_would_learn_anything_but_the_quantile_is_refused(
    estimator: str, parameters: dict[str, Any], why: str
) -> None:
    with pytest.raises(ConfigRefused, match=why):
        build(a_training(estimator, **parameters), COLUMNS, QUANTILE)


def test_parameters_that_only_fail_together_are_refused_in_scikit_learns_words() -> None:
    training = a_training(solver="lbfgs", l1_ratio=1.0)

    with pytest.raises(CannotFit, match=r"training: .*Solver lbfgs supports only"):
        try_out(training, COLUMNS, BINARY)

    with pytest.raises(CannotFit):
        learn(training, COLUMNS, *some_rows(), BINARY)


def test_what_scikit_learn_says_of_somebodys_rows_is_not_repeated() -> None:
    features, labels = some_rows()

    with pytest.raises(CannotLearn, match="cannot learn from these rows") as refused:
        learn(a_training(), COLUMNS, features.assign(distance=np.inf), labels, BINARY)

    assert "infinity" not in str(refused.value)


@pytest.mark.parametrize("estimator", ALL)
def test_what_can_be_trained_with_passes_the_tryout(estimator: str) -> None:
    try_out(a_training(estimator), COLUMNS, BINARY)
