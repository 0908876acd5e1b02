"""Why no column was recognised for something, where one nearly was: the end of a sentence."""

from collections.abc import Sequence

from infra.local.first_config.columns import ColumnSeen, Holds
from infra.local.first_config.rules import is_called_a_key

_TWO = 2  # values of a binary target
_FORM = "2013-02-08T05:40:00Z"


def why_no_key(features: Sequence[ColumnSeen], others: Sequence[ColumnSeen]) -> str | None:
    """Name the columns that would name rows if they were filled and never the same twice.

    Args:
        features: the columns of the features.
        others: those of labels and predictions.
    """
    shared = {column.name for column in others}
    nearly = [
        column.name
        for column in features
        if (column.name in shared or is_called_a_key(column.name))
        and set(column.holds) <= {Holds.TEXT, Holds.WHOLE}
        and column.filled
        and not column.is_unique
        and not column.is_partition
    ]
    if not nearly:
        return None
    are = "is" if len(nearly) == 1 else "are"
    return f"{_listed(nearly)} {are} empty, or there twice, in some partition"


def why_no_time(features: Sequence[ColumnSeen]) -> str | None:
    """Name the columns whose dates nothing here reads as such."""
    nearly = [column.name for column in features if column.is_unread_time]
    are = "is" if len(nearly) == 1 else "are"
    return f"{_listed(nearly)} {are} not written like {_FORM}" if nearly else None


def why_no_target(labels: Sequence[ColumnSeen], features: Sequence[ColumnSeen]) -> str | None:
    """Name the first column of the labels that holds one value only, or two other than 0 and 1."""
    known = {column.name for column in features}
    for column in labels:
        if column.name in known or is_called_a_key(column.name) or column.is_time:
            continue
        values = sorted(column.values)
        if len(values) == 1:
            return f"{column.name} is {values[0]} in all rows that were read"
        if len(values) == _TWO:
            return f"{column.name} holds {values[0]} and {values[1]}, not 0 and 1"
    return None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
