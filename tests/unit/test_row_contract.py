from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.domain.constraint import Constraint
from functions.ml.scoring.row_contract import RowRule, reasons

FEATURES: dict[str, "pd.Series[float] | pd.Series[str]"] = {
    "distance": pd.Series([100.0, np.nan, -5.0, 9000.0]),
    "carrier": pd.Series(["AA", "", "ZZ", "7"], dtype="str"),
}


def rule(**what: Any) -> RowRule:
    stated = {"owner": "U0ADA", "reason": "because", "expires": "2013-12-31"}
    return RowRule(Constraint.model_validate(stated | what), str(what))


@pytest.mark.parametrize(
    ("what", "broken"),
    [
        ({"column": "distance", "never_null": True}, [1]),
        ({"column": "carrier", "never_null": True}, [1]),
        ({"column": "distance", "at_least": 0}, [2]),
        ({"column": "distance", "at_least": -5}, []),
        ({"column": "distance", "at_most": 6000}, [3]),
        ({"column": "distance", "at_most": 9000}, []),
        ({"column": "distance", "one_of": [100, 9000]}, [2]),
        ({"column": "carrier", "one_of": ["AA", 7]}, [2]),
    ],
)
def test_a_row_breaks_a_rule_or_keeps_it_and_what_is_missing_breaks_one_alone(
    what: dict[str, Any], broken: list[int]
) -> None:
    found = reasons([rule(**what)], FEATURES, 4)

    assert [np.flatnonzero(flags).tolist() for _, flags in found] == [broken] * bool(broken)


def test_a_row_stands_with_the_first_rule_that_it_breaks() -> None:
    first = rule(column="distance", at_least=0)
    second = rule(column="carrier", one_of=["AA", "7"])

    [(reason, flags)] = reasons([first, second], FEATURES, 4)

    assert (reason, np.flatnonzero(flags).tolist()) == (first.reason, [2])


def test_a_rule_about_a_column_that_is_not_there_is_passed_over() -> None:
    assert reasons([rule(column="gone", at_least=0)], FEATURES, 4) == []
