import numpy as np
import pytest

from core.domain.alarm_budget import NEWEST
from functions.arrays import Floats
from functions.ml.checking.series import Series, Statistic
from functions.ml.checking.skew import skew

SERIES = [Series(name, Statistic.MEAN) for name in ("age", "distance", "hour")]
LEARNED = 21


def days(count: int, seed: int, shift: float = 0.0) -> Floats:
    """Make means of three columns, the second one shifted by so many deviations."""
    means: Floats = np.random.default_rng(seed).normal(0, 1, (count, len(SERIES)))
    means[:, 1] += shift
    return means


def test_the_column_that_left_is_named_with_its_mean() -> None:
    newest = days(NEWEST, 1, shift=5.0)

    found = skew(SERIES, days(LEARNED, 0), newest, 60)

    assert found is not None
    assert found.series.column == "distance"
    assert found.score > 1
    assert found.newest == pytest.approx(newest[:, 1].mean())


def test_days_like_those_learned_from_seldom_reach_the_limit() -> None:
    found = [skew(SERIES, days(LEARNED, s), days(NEWEST, 1000 + s), 60) for s in range(200)]

    assert sum(one is not None and one.score >= 1 for one in found) <= 200 / 60


def test_a_mean_within_what_single_days_showed_is_no_skew() -> None:
    learned = days(LEARNED, 0)
    learned[0, 1], learned[1, 1] = -8.0, 8.0

    found = skew(SERIES, learned, days(NEWEST, 1, shift=5.0), 60)

    assert found is not None
    assert found.score < 1


def test_the_farther_the_higher() -> None:
    scores = [skew(SERIES, days(LEARNED, 0), days(NEWEST, 1, shift=s), 60) for s in (4, 6, 9)]

    assert [one.score for one in scores if one] == sorted(one.score for one in scores if one)


def test_what_holds_no_value_cannot_be_compared() -> None:
    nothing = np.full((NEWEST, len(SERIES)), np.nan)

    assert skew(SERIES, days(LEARNED, 0), nothing, 60) is None


def test_statistics_of_odd_values_are_left_to_each_days_check() -> None:
    largest = [Series("distance", Statistic.HIGH)]

    assert skew(largest, np.zeros((LEARNED, 1)), np.full((NEWEST, 1), 9.0), 60) is None
