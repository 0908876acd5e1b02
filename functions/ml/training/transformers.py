"""The transformers that a config may name, and the chains that they can form.

Only what gives the same numbers from the same rows, and is the same again when it is read back with
few types. `TargetEncoder` is not among them, since it learns from folds that are drawn at random,
nor is `SplineTransformer`, which would want private types of scipy loaded.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sklearn.base import BaseEstimator
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from core.domain.training_config import Step
from functions.ml.training.config_refused import NotOffered, WrongChain
from functions.ml.training.offers import Offer

_SHARED: Final = "the rows are read by others too"
_MISSING: Final = "what is missing is decided when the rows are read"
_NEVER_SEEN: Final = "a category that was never seen must not stop the scoring"
_ONE_FORM: Final = "the same numbers come out in any form, and one of them is enough"
_WITHHELD: Final[Mapping[str, str]] = {
    "copy": _SHARED,
    "missing_values": _MISSING,
    "keep_empty_features": "a column that is always empty is left out before",
    "handle_unknown": _NEVER_SEEN,
    "unknown_value": _NEVER_SEEN,
    "drop": "a category that was never seen would look like the one that is dropped",
    "categories": "they are those of the rows that are learned from",
    "encoded_missing_value": "a missing category is learned like any other",
    "dtype": _ONE_FORM,
    "order": _ONE_FORM,
    "sparse_output": _ONE_FORM,
    "ignore_implicit_zeros": _ONE_FORM,
    "feature_name_combiner": _ONE_FORM,
}

_OF_NUMBERS: Final = {
    made.__name__: Offer(made, _WITHHELD, fixed)
    for made, fixed in (
        (KBinsDiscretizer, {"encode": "onehot-dense"}),
        (MaxAbsScaler, {}),
        (MinMaxScaler, {}),
        (PolynomialFeatures, {"include_bias": False}),
        (PowerTransformer, {}),
        (QuantileTransformer, {}),
        (RobustScaler, {}),
        (SimpleImputer, {"strategy": "median"}),
        (StandardScaler, {}),
    )
}
_OF_CATEGORIES: Final = {
    "OneHotEncoder": Offer(OneHotEncoder, _WITHHELD, {"handle_unknown": "infrequent_if_exist"}),
    "OrdinalEncoder": Offer(
        OrdinalEncoder,
        _WITHHELD,
        {"handle_unknown": "use_encoded_value", "unknown_value": -1},
    ),
}
_NUMBERS: Final = "training.prepare.numbers"
_CATEGORIES: Final = "training.prepare.categories"


def numbers_chain(steps: Sequence[Step], seed: int, *, takes_missing: bool) -> Pipeline:
    """Make what the columns of numbers pass through.

    Args:
        steps: at least one.
        seed: of all that is random in them.
        takes_missing: whether the estimator takes numbers that are missing.

    Raises:
        ConfigRefused: one is not offered, or gets missing numbers that it cannot take.
    """
    chain = [_made(step, _OF_NUMBERS, f"{_NUMBERS}[{i}]", seed) for i, step in enumerate(steps)]
    is_filled = False
    for i, (step, made) in enumerate(zip(steps, chain, strict=True)):
        if not is_filled and not made.__sklearn_tags__().input_tags.allow_nan:
            why = f"{step.use} takes no missing numbers; put SimpleImputer before it"
            raise WrongChain(f"{_NUMBERS}[{i}]", why)
        is_filled = is_filled or step.use == "SimpleImputer"
    if not is_filled and not takes_missing:
        raise WrongChain(_NUMBERS, "the estimator takes no missing numbers; add SimpleImputer")
    return _named(chain)


def categories_chain(steps: Sequence[Step], seed: int) -> Pipeline:
    """Make what the columns of categories pass through: an encoder, then what numbers may.

    Raises:
        ConfigRefused: one is not offered there.
    """
    first, *others = steps
    encoder = _made(first, _OF_CATEGORIES, f"{_CATEGORIES}[0]", seed)
    if others and first.use == "OneHotEncoder":
        encoder.set_params(sparse_output=False)  # scalers take no sparse columns
    chain = [
        _made(step, _OF_NUMBERS, f"{_CATEGORIES}[{i}]", seed) for i, step in enumerate(others, 1)
    ]
    return _named([encoder, *chain])


def _made(step: Step, offered: Mapping[str, Offer], key: str, seed: int) -> BaseEstimator:
    offer = offered.get(step.use)
    if offer is None:
        raise NotOffered(f"{key}.use", step.use, offered)
    return offer.make(step.parameters, f"{key}.parameters", seed)


def _named(chain: Sequence[Any]) -> Pipeline:
    return Pipeline([(f"{i} {type(made).__name__}", made) for i, made in enumerate(chain)])
