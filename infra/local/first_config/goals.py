"""What can be predicted and as what: one of two, one of several, or a number. A person decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from core.domain.target import Task
from infra.local.first_config.columns import ColumnSeen, Holds
from infra.local.first_config.rules import is_called_a_key, is_called_a_target, target_candidates

MOST_CLASSES: Final = 20
_FEWEST_CLASSES: Final = 3
_MOST_DISTINCT: Final = 0.25  # of all values that were seen: classes repeat


@dataclass(frozen=True)
class Goal:
    """The columns that could be the target of a model of one kind, and what kind that is."""

    columns: tuple[str, ...] = ()
    """The likeliest first."""
    task: Task = "binary"
    classes: tuple[str, ...] = ()
    """Those that were seen in the first of the columns, where there are several."""
    between: tuple[float, float] | None = None
    """The smallest and largest number that was seen in it."""


def goal(labels: Sequence[ColumnSeen], features: Sequence[ColumnSeen]) -> Goal:
    """Recognise a target: what is 0 or 1 first, then what has a few classes, then a number.

    Args:
        labels: the columns of the labels; where there are none, the target stands among the
            features, and only its name tells it.
        features: the columns of the features.
    """
    zeros_and_ones = target_candidates(labels, features)
    if zeros_and_ones:
        return Goal(tuple(zeros_and_ones))
    known = {column.name for column in features}
    fits = [
        column
        for column in labels or features
        if not column.is_time
        and not column.is_partition
        and not column.is_twice
        and not is_called_a_key(column.name)
        and (column.name not in known if labels else is_called_a_target(column.name))
    ]
    fits.sort(key=lambda column: not is_called_a_target(column.name))
    of_classes = [column for column in fits if has_classes(column)]
    if of_classes:
        classes = tuple(sorted(of_classes[0].values, key=_order))
        return Goal(tuple(column.name for column in of_classes), "multiclass", classes)
    numbers = [column for column in fits if _is_measure(column)]
    if not numbers:
        return Goal()
    ends = (numbers[0].low or 0.0, numbers[0].high or 0.0)
    return Goal(tuple(column.name for column in numbers), "regression", between=ends)


def has_classes(column: ColumnSeen) -> bool:
    """Say whether a column holds a few words or whole numbers again and again."""
    is_one_kind = set(column.holds) in ({Holds.TEXT}, {Holds.WHOLE})
    is_few = _FEWEST_CLASSES <= len(column.values) <= MOST_CLASSES
    return is_one_kind and is_few and len(column.values) <= _MOST_DISTINCT * column.filled


def _is_measure(column: ColumnSeen) -> bool:
    low, high = column.low, column.high
    is_span = low is not None and high is not None and isfinite(high - low) and low < high
    counts_rows = set(column.holds) == {Holds.WHOLE} and column.is_unique
    return is_span and set(column.holds) <= {Holds.WHOLE, Holds.NUMBER} and not counts_rows


def _order(name: str) -> tuple[float, str]:
    """Put numbers in the order of numbers, and words behind them."""
    try:
        return float(name), name
    except ValueError:
        return float("inf"), name
