from typing import Any

import numpy as np
import pytest
import skops.io

from core.domain.training_config import Training
from functions.data.artefacts import open_allowed, types_not_allowed
from functions.ml.training.config_refused import (
    NotOffered,
    ParameterNotOffered,
    WrongChain,
    WrongParameter,
)
from functions.ml.training.pipeline import build, learn, predict, try_out
from tests.unit.trainings import BINARY, COLUMNS, some_rows
from tests.watched_model import training

NUMBERS = [
    "KBinsDiscretizer",
    "MaxAbsScaler",
    "MinMaxScaler",
    "PolynomialFeatures",
    "PowerTransformer",
    "RobustScaler",
    "StandardScaler",
]
FILL = {"use": "SimpleImputer"}
LINEAR, TREES = "LogisticRegression", "HistGradientBoostingClassifier"


def prepared(
    numbers: list[dict[str, Any]] | None = None,
    categories: list[dict[str, Any]] | None = None,
    estimator: str = LINEAR,
) -> Training:
    prepare = {"numbers": numbers or [], "categories": categories or []}
    return Training.model_validate(training(estimator=estimator, prepare=prepare))


@pytest.mark.parametrize("estimator", [LINEAR, TREES])
@pytest.mark.parametrize("encoder", ["OneHotEncoder", "OrdinalEncoder"])
@pytest.mark.parametrize("use", NUMBERS)
def test_each_is_the_same_when_it_is_read_back_and_when_it_is_made_again(
    use: str, encoder: str, estimator: str
) -> None:
    chosen = prepared([FILL, {"use": use}], [{"use": encoder}], estimator)
    features, labels = some_rows()
    pipeline = learn(chosen, COLUMNS, features, labels, BINARY)
    body = skops.io.dumps(pipeline)

    assert types_not_allowed(body) == []
    expected = predict(pipeline, features)
    np.testing.assert_array_equal(predict(open_allowed(body), features), expected)
    again = learn(chosen, COLUMNS, features, labels, BINARY)
    np.testing.assert_array_equal(predict(again, features), expected)


def test_ranks_are_drawn_with_the_seed_of_the_config() -> None:
    ranks = {"use": "QuantileTransformer", "parameters": {"n_quantiles": 20, "subsample": 50}}
    features, labels = some_rows()

    made = [learn(prepared([FILL, ranks]), COLUMNS, features, labels, BINARY) for _ in range(2)]

    first, second = (predict(pipeline, features) for pipeline in made)
    np.testing.assert_array_equal(first, second)


def test_an_encoder_may_be_followed_by_what_numbers_may_pass_through() -> None:
    scaled = prepared(categories=[{"use": "OneHotEncoder"}, {"use": "StandardScaler"}])
    features, labels = some_rows()

    pipeline = learn(scaled, COLUMNS, features, labels, BINARY)

    assert np.isfinite(predict(pipeline, features.assign(carrier="never seen"))).all()


@pytest.mark.parametrize(
    ("numbers", "categories", "sentence"),
    [
        (
            ["FunctionTransformer"],
            [],
            r"prepare.numbers\[0\].use: `FunctionTransformer` is not off",
        ),
        (["OneHotEncoder"], [], r"prepare.numbers\[0\].use: `OneHotEncoder` is not offered"),
        ([], ["StandardScaler"], r"prepare.categories\[0\].use: `StandardScaler` is not offered"),
        ([], ["OneHotEncoder", "OneHotEncoder"], r"prepare.categories\[1\].use: `OneHotEncoder`"),
        ([], ["TargetEncoder"], r"prepare.categories\[0\].use: `TargetEncoder` is not offered"),
    ],
)
def test_one_that_is_not_on_the_list_is_refused_with_its_key(
    numbers: list[str], categories: list[str], sentence: str
) -> None:
    chosen = prepared([{"use": name} for name in numbers], [{"use": name} for name in categories])

    with pytest.raises(NotOffered, match=sentence):
        build(chosen, COLUMNS, BINARY)


@pytest.mark.parametrize(
    ("use", "parameter", "why"),
    [
        ("OneHotEncoder", "handle_unknown", "never seen must not stop the scoring"),
        ("OneHotEncoder", "drop", "look like the one that is dropped"),
        ("OrdinalEncoder", "unknown_value", "never seen"),
    ],
)
def test_a_parameter_that_would_stop_the_scoring_is_refused_with_the_reason(
    use: str, parameter: str, why: str
) -> None:
    chosen = prepared(categories=[{"use": use, "parameters": {parameter: "error"}}])

    with pytest.raises(ParameterNotOffered, match=rf"\[0\].parameters.{parameter} .*: .*{why}"):
        build(chosen, COLUMNS, BINARY)


def test_a_value_that_a_transformer_does_not_take_is_refused() -> None:
    bins = {"use": "KBinsDiscretizer", "parameters": {"n_bins": 1}}

    with pytest.raises(WrongParameter, match=r"numbers\[1\].parameters: The 'n_bins' parameter"):
        build(prepared([FILL, bins]), COLUMNS, BINARY)


def test_missing_numbers_are_filled_before_what_cannot_take_them() -> None:
    with pytest.raises(WrongChain, match=r"numbers\[1\]: KBinsDiscretizer takes no missing numb"):
        build(
            prepared([{"use": "StandardScaler"}, {"use": "KBinsDiscretizer"}, FILL]),
            COLUMNS,
            BINARY,
        )


def test_missing_numbers_are_filled_for_an_estimator_that_cannot_take_them() -> None:
    scaled = [{"use": "StandardScaler"}]

    with pytest.raises(WrongChain, match="numbers: the estimator takes no missing numbers"):
        build(prepared(scaled), COLUMNS, BINARY)

    try_out(prepared(scaled, estimator=TREES), COLUMNS, BINARY)
