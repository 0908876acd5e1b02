"""Whether what a team's own trainer returned can serve, as a few rows tell."""

from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from functions.arrays import Labels

_LOOKED_AT: Final = 100


def why_it_cannot_serve(
    made: Any,  # noqa: ANN401 - whatever a trainer returned
    features: pd.DataFrame,
    labels: Labels,
    *,
    of_numbers: bool,
) -> str | None:
    """Say what is wrong with it, as a clause; `None` when it predicts as it should.

    Args:
        made: what the trainer returned.
        features: rows that it was fitted on.
        labels: shape (rows,).
        of_numbers: whether it should predict numbers, not how probable each label is.
    """
    wanted = "predict" if of_numbers else "predict_proba"
    if not hasattr(made, wanted):
        return f"a {type(made).__name__} has no `{wanted}`"
    some = features.head(_LOOKED_AT)
    try:
        check_is_fitted(made)
        predicted = np.asarray(getattr(made, wanted)(some))
    except NotFittedError:
        return f"the {type(made).__name__} is not fitted"
    except Exception as error:  # noqa: BLE001 - of an estimator that is not ours: told, whatever it is
        return f"it cannot predict the rows that it was fitted on ({type(error).__name__})"
    if of_numbers:
        expected: tuple[int, ...] = (len(some),)
        is_right = predicted.shape == expected and bool(np.isfinite(predicted).all())
        return None if is_right else f"it should predict {len(some)} numbers for as many rows"
    known = np.unique(labels)
    if not np.array_equal(getattr(made, "classes_", ()), known):
        return "its classes are not those of the labels"
    is_share = predicted.shape == (len(some), len(known)) and _are_shares(predicted)
    return None if is_share else "what it predicts are no probabilities"


def as_pipeline(made: Any) -> Pipeline:  # noqa: ANN401 - an estimator that was looked at
    """Make it a pipeline, which is what is stored."""
    return made if isinstance(made, Pipeline) else Pipeline([("trained", made)])


def _are_shares(predicted: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> bool:
    return bool(((predicted >= 0) & (predicted <= 1)).all())
