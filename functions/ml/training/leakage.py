"""Features that say more of the target than they can have known."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.domain.target import Target
from functions.ml.losses import Predictions, Truths
from functions.ml.training.small_model import (
    Floats,
    as_numbers,
    columns_of_target,
    fitted,
    fitted_alone,
    skill,
)

_FEWEST_ROWS: Final = 200
_OLDER: Final = 0.7
_COPY: Final = 0.995  # of the target explained: nothing that is measured is so good
_LEAST: Final = 0.6
_TIMES: Final = 3.0  # as much is left unexplained by all others together
_THE_SAME: Final = 0.999  # correlation
_TINY: Final = 1e-300  # of a constant column, so that nothing is divided by nothing
_ALIKE: Final = 0.95  # of the rows
_AS_EXACT: Final = 5e-4  # predictions are often kept with three decimals


@dataclass(frozen=True)
class Leak:
    """A feature that is too good."""

    column: str
    alone: float
    """How much of the target it explains on later rows, 0..1."""
    rest: float
    """How much all the others explain together."""

    @property
    def is_copy(self) -> bool:
        """Whether it leaves nothing unexplained."""
        return self.alone >= _COPY

    @property
    def is_too_good(self) -> bool:
        """Whether all the others leave three times as much unexplained."""
        return (1 - self.rest) >= _TIMES * (1 - self.alone)


def leaks(features: pd.DataFrame, truths: Truths, target: Target, seed: int) -> list[Leak]:
    """Name the features that are too good, the best one first.

    Each feature alone, and all others together, predict the newer rows from the older ones. A
    feature is too good when it leaves next to nothing unexplained, or when the others together
    leave three times as much: the strongest honest feature has company.

    Args:
        features: as `columns.select` gives them, in the order of time.
        truths: shape (rows,).
        target: what they mean.
        seed: of the small models.

    Source: ours; single-feature skill against the rest, as Kaufman et al., Leakage in Data Mining
    (2012), advise to look at.
    """
    if len(features) < _FEWEST_ROWS:
        return []
    wanted = columns_of_target(target, truths)
    old = np.arange(len(features)) < int(_OLDER * len(features))
    if np.all(wanted[old] == wanted[0]):
        return []
    found, numbers = [], as_numbers(features)
    for name in features:
        alone = skill(target, fitted_alone(features[name], wanted, old)[~old], wanted[~old])
        if alone >= _LEAST:
            others = _others(numbers, list(features).index(name))
            rest = skill(target, fitted(others, wanted, old, seed)[~old], wanted[~old])
            found.append(Leak(str(name), alone, rest))
    is_compared = features.shape[1] > 1
    suspects = [leak for leak in found if leak.is_copy or (is_compared and leak.is_too_good)]
    return sorted(suspects, key=lambda leak: -leak.alone)


def copies_of(features: pd.DataFrame, predictions: Predictions) -> list[str]:
    """Name the features that are what the model predicted, row by row."""
    if len(features) == 0 or np.std(predictions) < 10 * _AS_EXACT:
        return []
    numbers = features.select_dtypes("number")
    is_same = np.isclose(numbers.to_numpy(), predictions[:, np.newaxis], rtol=0, atol=_AS_EXACT)
    alike = dict(zip(numbers, is_same.mean(axis=0), strict=True))
    return [str(name) for name in numbers if alike[name] > _ALIKE]


def _others(numbers: Floats, place: int) -> Floats:
    """Leave out a feature, and those that are the same but for its unit; shape (rows, others)."""
    filled = np.nan_to_num(numbers, nan=-1.0)
    apart = filled - filled.mean(axis=0)
    lengths = np.linalg.norm(apart, axis=0)
    alike = np.abs(apart.T @ apart[:, place]) / np.maximum(lengths * lengths[place], _TINY)
    return numbers[:, (alike < _THE_SAME) & (np.arange(numbers.shape[1]) != place)]
