import numpy as np
import pandas as pd
import pytest

from functions.ml.training.dates import DAY_S, moments_of, share_later

NOON = pd.Timestamp("2013-02-08 12:00", tz="UTC").timestamp()


@pytest.mark.parametrize(
    "values",
    [
        ["2013-02-08T12:00:00Z", ""],
        ["2013-02-08 12:00", " "],
        [NOON, np.nan],
        [NOON * 1e3, np.nan],
        [NOON * 1e9, np.nan],
    ],
)
def test_a_date_is_recognised_however_it_is_written(values: list[object]) -> None:
    moments = moments_of(pd.Series(values), NOON)

    assert moments is not None
    assert moments[0] == NOON
    assert np.isnan(moments[1])


def test_a_day_can_be_written_as_a_number() -> None:
    moments = moments_of(pd.Series([20130208.0, np.nan, 20130209.0]), NOON)

    assert moments is not None
    assert moments[0] == NOON - DAY_S / 2
    assert np.isnan(moments[1])


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 250.0, 3000.0],
        [np.nan, np.nan],
        ["AA", "B6", "2013-02-08"],
        ["", ""],
        [20139999.0, 20130208.0],
        [19500101.0, 19500102.0],
    ],
)
def test_what_is_no_date_or_of_another_age_is_none(values: list[object]) -> None:
    assert moments_of(pd.Series(values), NOON) is None


def test_the_share_that_lies_behind_the_event_counts_what_is_known() -> None:
    moments = np.array([NOON - 1, NOON, NOON + 1, np.nan])

    assert share_later(moments, np.full(4, NOON)) == pytest.approx(1 / 3)
    assert share_later(np.full(4, np.nan), np.full(4, NOON)) == 0


def test_where_only_days_are_known_the_day_of_the_event_is_not_behind_it() -> None:
    day = NOON - DAY_S / 2

    assert share_later(np.array([day, day + DAY_S]), np.full(2, NOON)) == 0.5
