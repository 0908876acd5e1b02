"""How far back a history reaches."""

import numpy as np
import pytest

from core.domain.partition import days_before
from functions.arrays import NumberColumn, Sized
from functions.ml.checking.reference import Closed, Day, learn

FIRST = "2013-01-01"


@pytest.mark.parametrize(("columns", "kept"), [(2, 420), (1001, 200)])
def test_a_history_reaches_a_year_and_more_back_unless_its_table_is_wide(
    columns: int, kept: int
) -> None:
    names = [f"c{i}" for i in range(columns)]
    part = Sized({name: NumberColumn(np.arange(3.0)) for name in names}, 3)
    reference = learn({FIRST: Day([part], 0.0)}, dict.fromkeys(names, "number"))
    one = Closed(reference.summaries[0], reference.known)

    grown = reference.extended({days_before(FIRST, -ahead): one for ahead in range(1, 430)})

    assert len(grown.partitions) == kept
    assert grown.partitions[-1] == days_before(FIRST, -429)
    assert len(grown.summaries) == kept
