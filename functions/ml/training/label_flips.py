"""Whether the labels of some days contradict those of the others, as flipped labels do."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST_ROWS: Final = 60  # of a day: a third of fewer says nothing of its share of flips
_FEWEST_DAYS: Final = 10
_LEAST_RUN: Final = 5  # days that stand against all others: four bad ones in a row are weather
_PUREST: Final = 0.2  # of the days of a side: how pure those are
_THIRD: Final = 1 / 3
_LIMIT: Final = 0.4  # beyond, a model knows nothing, and no share can be told
_SHUFFLES: Final = 1000
_LEVEL: Final = 0.2  # together with the next line; alone it would be far too much
_LEAST_SHARE: Final = 0.14  # less is what weather does to weeks of flights
_SUREST: Final = (0.05, 0.1)  # of the rows of a side


@dataclass(frozen=True)
class Flips:
    """A run of days, the newest or the oldest, with labels that look turned round."""

    first: int
    """The number of its first day."""
    last: int
    share: float
    """How many of its labels were probably turned round, 0..0.5, if none of the others."""


def flipped_days(scores: Floats, labels: Floats, days: Ints, seed: int) -> Flips | None:
    """Find the newest, or the oldest, days in which part of the labels is turned round.

    Among the rows of a day that a model is most sure of, hardly any has the other label; where a
    share f is turned round, at least f of them have. A bad day has that too, but not each day of a
    week, nor have the surest rows of all of them. So the days are cut in two where their purest
    thirds differ most, by rank sum; the purest days of both sides, and the surest rows, are
    compared, and the smaller difference counts. How often shuffled days differ as much does too.

    Args:
        scores: shape (rows,), how probable label 1 is, by a model that was not shown that day.
        labels: shape (rows,), 0 or 1.
        days: shape (rows,), the number of each row's day.
        seed: of the shuffles.

    Returns:
        `None` where nothing is suspected, or there are too few days to say.

    Source: ours; the floor is the anchor point of Liu and Tao, Classification with Noisy Labels by
    Importance Reweighting (2016), the cut the rank test of Pettitt (1979).
    """
    numbers, impure = _impure_by_day(scores, labels, days)
    if len(impure) < _FEWEST_DAYS:
        return None
    cut, clear = _cut(impure)
    is_run = np.arange(len(impure)) >= cut if clear > 0 else np.arange(len(impure)) < cut
    is_in_run = np.isin(days, numbers[is_run])
    of_days = _turned_round(
        float(np.quantile(impure[is_run], _PUREST)), float(np.quantile(impure[~is_run], _PUREST))
    )
    of_rows = _turned_round(
        _impure_where_surest(scores[is_in_run], labels[is_in_run]),
        _impure_where_surest(scores[~is_in_run], labels[~is_in_run]),
    )
    share = min(of_days, of_rows)
    if share < _LEAST_SHARE or _is_chance(clear, impure, np.random.default_rng(seed)):
        return None
    return Flips(int(numbers[is_run][0]), int(numbers[is_run][-1]), share)


def _impure_by_day(scores: Floats, labels: Floats, days: Ints) -> tuple[Ints, Floats]:
    """Say of each day how many rows of its purer end have the other label."""
    numbers, rows = np.unique(days, return_counts=True)
    numbers = numbers[rows >= _LEAST_ROWS]
    impure = [_impure(scores[days == n], labels[days == n], _THIRD) for n in numbers]
    return numbers, np.array(impure)


def _impure(scores: Floats, labels: Floats, part: float) -> float:
    """Say how many rows of the purer end have the other label."""
    of_end = max(int(part * len(labels)), 1)
    ordered = labels[np.argsort(scores, kind="stable")]
    return float(min(np.mean(ordered[:of_end]), 1 - np.mean(ordered[-of_end:])))


def _impure_where_surest(scores: Floats, labels: Floats) -> float:
    return float(np.mean([_impure(scores, labels, part) for part in _SUREST]))


def _cut(values: Floats) -> tuple[int, float]:
    """Cut a row of values in two: where, and how clearly the newer ones are the larger ones."""
    total = len(values)
    cuts = np.arange(_LEAST_RUN, total - _LEAST_RUN + 1)
    ranks = np.argsort(np.argsort(values, kind="stable")) + 1.0
    newer = total - cuts
    above = np.cumsum(ranks[::-1])[newer - 1] - newer * (total + 1) / 2
    clear = above / np.sqrt(newer * cuts * (total + 1) / 12)
    place = int(np.argmax(np.abs(clear)))
    return int(cuts[place]), float(clear[place])


def _turned_round(here: float, elsewhere: float) -> float:
    """Say which share turned round makes the one impurity of the other."""
    return (here - elsewhere) / (1 - 2 * min(elsewhere, _LIMIT))


def _is_chance(clear: float, values: Floats, rng: np.random.Generator) -> bool:
    as_clear = sum(abs(_cut(rng.permutation(values))[1]) >= abs(clear) for _ in range(_SHUFFLES))
    return (as_clear + 1) / (_SHUFFLES + 1) > _LEVEL
