import numpy as np
import pandas as pd
import pytest

from functions.ml.training.copied_rows import is_unusual, most_telling, row_hashes, share_among


def test_rows_are_the_same_when_all_their_columns_are() -> None:
    rows = pd.DataFrame({"distance": [1.0, 2.0, np.nan], "carrier": ["AA", "AA", "B6"]})
    others = pd.DataFrame({"distance": [2.0, 1.0, np.nan], "carrier": ["AA", "UA", "B6"]})

    assert share_among(row_hashes(rows), row_hashes(others)) == pytest.approx(2 / 3)
    assert share_among(row_hashes(rows.head(0)), row_hashes(others)) == 0


def test_the_column_that_tells_rows_apart_best_has_most_values() -> None:
    rows = pd.DataFrame({"weekday": [1, 1, 2], "distance": [1.0, 2.0, 3.0]})

    assert most_telling(rows) == "distance"


@pytest.mark.parametrize(
    ("share", "usual", "rows", "expected"),
    [
        (0.05, 0.0, 1000, True),
        (0.05, 0.05, 1000, False),
        (0.52, 0.5, 1000, False),  # within what chance does to a half
        (0.7, 0.5, 1000, True),
        (0.005, 0.0, 10_000, False),
        (0.03, 0.0, 100, False),  # three rows
    ],
)
def test_copies_are_unusual_beyond_what_these_data_always_have(
    share: float, usual: float, rows: int, *, expected: bool
) -> None:
    assert is_unusual(share, usual, rows) is expected
