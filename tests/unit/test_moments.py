from datetime import UTC, date, datetime

import pytest

from infra.local.first_config.moments import days_since_1970, is_of_a_country, moment

DAY = date(2013, 2, 8)
NOON_S = 1360324800


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_a_number_counts_seconds_or_parts_of_them_since_1970(unit: int) -> None:
    assert list(days_since_1970([float(NOON_S * unit), None], DAY)) == [DAY]


def test_a_number_may_be_a_date_that_is_written_without_dashes() -> None:
    assert list(days_since_1970([20130208.0], DAY)) == [DAY]


@pytest.mark.parametrize("number", [0.0, 918.0, 20131377.0, float("inf"), float("nan"), 1e308])
def test_a_number_that_is_far_from_its_partition_is_no_time(number: float) -> None:
    assert list(days_since_1970([number], DAY)) == []


@pytest.mark.parametrize("word", ["08.02.2013", "2/8/13", "8-2-2013 05:40", "08/02/2013, 05:40"])
def test_a_date_of_a_country_is_no_moment(word: str) -> None:
    assert is_of_a_country(word)
    assert moment(word) is None


def test_a_moment_without_a_zone_is_one_of_utc() -> None:
    assert moment("2013-02-08T05:40:00") == datetime(2013, 2, 8, 5, 40, tzinfo=UTC)
    assert not is_of_a_country("2013-02-08T05:40:00")
