"""The estimators that a config may name."""

from typing import Any, Final

from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from core.domain.target import Target
from core.domain.training_config import Parameter, Training
from functions.ml.training.config_refused import NoQuantile, NotOffered, WrongTask
from functions.ml.training.offers import Offer

_WITHHELD: Final = {
    "early_stopping": "it splits rows at random that are ordered in time",
    "validation_fraction": "it splits rows at random that are ordered in time",
    "n_iter_no_change": "it belongs to early stopping, which splits rows at random",
    "scoring": "it belongs to early stopping, which splits rows at random",
    "warm_start": "every training starts from nothing",
    "categorical_features": "the categories are those under columns",
    "n_jobs": "the same config must give the same numbers on any machine",
    "verbose": "nobody would read it",
}
# By itself boosting would keep back a random tenth of rows that are ordered in time.
_BOOSTING: Final = {"early_stopping": False}

_CLASSIFIERS: Final = (
    HistGradientBoostingClassifier,
    LogisticRegression,
    RandomForestClassifier,
    DecisionTreeClassifier,
    DummyClassifier,
)
_REGRESSORS: Final = (
    HistGradientBoostingRegressor,
    LinearRegression,
    Ridge,
    RandomForestRegressor,
    DecisionTreeRegressor,
    DummyRegressor,
)


_OF_THE_TARGET: Final = "the target says which quantile is predicted"


def estimator_of(training: Training, target: Target) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Make the untrained estimator that a config names, for its kind of target.

    Where a quantile is predicted it learns that one, and none that would learn the mean is taken.

    Raises:
        ConfigRefused: it is not offered, or a parameter is not.
    """
    named = training.estimator or ""
    offered, others = _named(_CLASSIFIERS), _named(_REGRESSORS)
    if target.task == "regression":
        offered, others = others, offered
    if named in others:
        raise WrongTask("training.estimator", named, target.task, offered)
    if target.quantile is not None and named in offered:
        offered = _of_quantiles(target.quantile)
        if named not in offered:
            raise NoQuantile("training.estimator", named, target.quantile, offered)
    if named not in offered:
        raise NotOffered("training.estimator", named, offered)
    return offered[named].make(training.parameters, "training.parameters", training.seed)


def _of_quantiles(quantile: float) -> dict[str, Offer]:
    """Offer what can learn a quantile; scikit-learn's linear one takes minutes from 20,000 rows."""
    boosting: dict[str, Parameter] = {**_BOOSTING, "loss": "quantile", "quantile": quantile}
    alike: dict[str, Parameter] = {"strategy": "quantile", "quantile": quantile}
    return {
        "HistGradientBoostingRegressor": Offer(
            HistGradientBoostingRegressor,
            {**_WITHHELD, "loss": _OF_THE_TARGET, "quantile": _OF_THE_TARGET},
            boosting,
        ),
        "DummyRegressor": Offer(
            DummyRegressor, dict.fromkeys(("strategy", "quantile"), _OF_THE_TARGET), alike
        ),
    }


def _named(classes: tuple[type[Any], ...]) -> dict[str, Offer]:
    return {
        made.__name__: Offer(made, _WITHHELD, _BOOSTING if "HistGradient" in made.__name__ else {})
        for made in classes
    }
