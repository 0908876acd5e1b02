"""Which rows of a frame a predicate means."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.domain.where import Condition, Where


def mask(where: Where, features: pd.DataFrame) -> NDArray[np.bool_]:
    """Say of each row whether it is meant; shape (rows,).

    A missing number is within no limits. Features are as `columns.select` gives them.
    """
    is_meant = np.ones(len(features), dtype=np.bool_)
    for condition in where:
        is_meant &= _holds(condition, features[condition.column])
    return is_meant


def _holds(condition: Condition, values: "pd.Series[float] | pd.Series[str]") -> NDArray[np.bool_]:
    if condition.one_of is not None:
        if pd.api.types.is_numeric_dtype(values):
            return values.isin(condition.one_of).to_numpy()
        return values.isin([str(member) for member in condition.one_of]).to_numpy()
    numbers = values.to_numpy(np.float64)
    low = -np.inf if condition.at_least is None else condition.at_least
    high = np.inf if condition.below is None else condition.below
    return (numbers >= low) & (numbers < high)
