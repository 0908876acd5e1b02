"""Which rows break a rule that people wrote: the row-level half of a contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.domain.constraint import Constraint, Rule
from functions.arrays import Flags
from functions.ml.columns import NO_CATEGORY

OF_ROWS: Final[frozenset[Rule]] = frozenset({"never_null", "at_least", "at_most", "one_of"})
"""Rules that one row alone can break; the others are about the partition."""


@dataclass(frozen=True)
class RowRule:
    """A rule, and what is written down of a row that breaks it."""

    rule: Constraint
    reason: str


def reasons(
    rules: Sequence[RowRule], features: Mapping[str, "pd.Series[float] | pd.Series[str]"], rows: int
) -> list[tuple[str, Flags]]:
    """Say which rows break which rule; each row stands with the first one that it breaks.

    Args:
        rules: in the order of the config, of the kinds in `OF_ROWS`.
        features: columns as `columns.select` gives them; a rule about another one is passed over.
        rows: how many there are.

    Returns:
        Reason and shape (rows,) of each rule that some row breaks.
    """
    is_fine, found = np.ones(rows, np.bool_), list[tuple[str, Flags]]()
    for wanted in rules:
        column = wanted.rule.column
        if column is None or column not in features:
            continue
        is_broken = is_fine & _breaks(wanted.rule, features[column])
        if is_broken.any():
            found.append((wanted.reason, is_broken))
            is_fine &= ~is_broken
    return found


def _breaks(rule: Constraint, values: "pd.Series[float] | pd.Series[str]") -> Flags:
    """Say which values break it; one that is missing breaks `never_null` alone."""
    is_number = pd.api.types.is_numeric_dtype(values)
    is_missing = (values.isna() if is_number else values == NO_CATEGORY).to_numpy(np.bool_)
    if rule.never_null:
        return is_missing
    if rule.one_of is not None:
        members = rule.one_of if is_number else [str(member) for member in rule.one_of]
        is_other = ~values.isin(members).to_numpy()
        return is_other & ~is_missing
    numbers = values.to_numpy(np.float64)
    if rule.at_least is not None:
        return numbers < rule.at_least  # NaN is not below anything
    return numbers > (np.inf if rule.at_most is None else rule.at_most)
