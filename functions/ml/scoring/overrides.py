"""Heuristics that stand above a model: what is left of its predictions after all of them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.domain.scoring_config import Override
from functions.arrays import Counts, Flags, Floats
from functions.ml.where import mask


def overridden(
    overrides: Sequence[Override],
    features: pd.DataFrame,
    values: Floats,
    classes: Sequence[str] = (),
) -> tuple[Floats, Counts]:
    """Let each override in turn change what those before it left.

    A row that one of them filters is not served, whatever comes after it.

    Args:
        overrides: in the order of the config.
        features: as `columns.select` gives them, with the columns that the overrides name.
        values: what the model says, shape (rows,), or (rows, classes).
        classes: their names, of a target with several.

    Returns:
        What is served, in the same shape, NaN where nothing is; and, shape (rows,), the bits of
        the overrides that changed a row, the first one the lowest.
    """
    served, hits = values.copy(), np.zeros(len(values), np.int64)
    for place, override in enumerate(overrides):
        is_meant = mask(override.where, features) & ~_is_missing(served)
        after = served.copy()
        after[is_meant] = _changed(override, served[is_meant], classes)
        hits[_differs(served, after)] |= 1 << place
        served = after
    return served, hits


def _changed(override: Override, values: Floats, classes: Sequence[str]) -> Floats:
    if override.filter:
        return np.full_like(values, np.nan)
    if override.at_least is not None:
        return np.maximum(values, override.at_least)
    if override.at_most is not None:
        return np.minimum(values, override.at_most)
    if values.ndim > 1:
        is_class = np.array([name == override.replace for name in classes], np.float64)
        return np.broadcast_to(is_class, values.shape)
    return np.full_like(values, float(override.replace or 0.0))


def _is_missing(values: Floats) -> Flags:
    is_missing: Flags = np.isnan(values)
    return is_missing if values.ndim == 1 else np.asarray(is_missing.any(axis=1))


def _differs(before: Floats, after: Floats) -> Flags:
    differs: Flags = ~((before == after) | (np.isnan(before) & np.isnan(after)))
    return differs if differs.ndim == 1 else np.asarray(differs.any(axis=1))
