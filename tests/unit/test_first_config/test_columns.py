"""Which columns of a table are watched, and as what."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa
import pytest

from infra.local.first_config.columns import columns_seen
from infra.local.first_config.rules import LeftOut, Watched, judged
from tests.unit.test_first_config.looked_at import DAYS, names, one


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, None, 2] * 2, "number"),
        ([0.5, 2.0, None, 2.0] * 2, "number"),
        ([True, False, None, True] * 2, "number"),
        ([Decimal("1.50"), Decimal("2.25")] * 4, "number"),
        (["a", "b", None, "b"] * 2, "category"),
    ],
)
def test_what_can_be_counted_is_a_number_and_words_are_categories(
    values: list[Any], kind: Literal["number", "category"]
) -> None:
    assert judged(one("x", values), 2) == Watched("x", kind)


def test_a_code_that_is_written_as_a_number_is_a_category() -> None:
    assert judged(one("zipCode", [10115, 10117] * 4), 2) == Watched(
        "zipCode", "category", "a code, though it is written as a number"
    )


def test_numbers_that_are_written_as_text_are_what_checks_take_them_for() -> None:
    assert judged(one("price", ["1.5", "2.5"] * 4), 2) == Watched(
        "price", "category", "numbers written as text"
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([{"a": 1}] * 4, "something nested"),
        ([[1, 2]] * 4, "something nested"),
        ([b"x"] * 4, "bytes"),
        ([timedelta(1)] * 4, "durations"),
        ([None] * 4, "nothing but nulls"),
        ([datetime(2024, 5, 1, tzinfo=UTC)] * 4, "times"),
        (["2024-05-01T10:00:00Z", "2024-05-01T11:00:00Z"] * 2, "times"),
        (names("anna", "ben"), "hardly ever repeats"),
    ],
)
def test_what_says_nothing_of_a_table_is_left_out_with_the_reason(
    values: list[Any], why: str
) -> None:
    verdict = judged(one("x", values), 2)

    assert isinstance(verdict, LeftOut)
    assert why in verdict.why


def test_a_column_that_changes_its_type_is_compared_as_words() -> None:
    tables = {DAYS[0]: pa.table({"x": [1, 1, 2]}), DAYS[1]: pa.table({"x": ["a", "a", "b"]})}

    [column] = columns_seen(tables)

    assert judged(column, 2) == Watched(
        "x", "category", "whole numbers or text, from partition to partition"
    )


def test_a_column_without_values_at_first_is_what_it_became() -> None:
    tables = {DAYS[0]: pa.table({"x": pa.nulls(3)}), DAYS[1]: pa.table({"x": [1, 1, 2]})}

    [column] = columns_seen(tables)

    assert judged(column, 2) == Watched("x", "number")


def test_a_column_that_is_gone_is_left_out_and_a_new_one_is_remarked_on() -> None:
    first, second = pa.table({"old": [1], "x": [1]}), pa.table({"x": [1], "new": [1]})
    gone, new = {c.name: c for c in columns_seen({DAYS[0]: first, DAYS[1]: second})}, "new"

    assert judged(gone["old"], 2) == LeftOut("old", "is not in the newest partition")
    assert judged(gone[new], 2) == Watched(
        new,
        "number",
        "not in every partition that was read: only those that have it are learned from",
    )


def test_a_column_that_stands_twice_is_left_out() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"])

    [column] = columns_seen({DAYS[0]: table})

    assert judged(column, 1) == LeftOut("x", "stands more than once in a file")


def test_the_partitions_own_day_is_left_out() -> None:
    tables = {day: pa.table({"day": [day, day]}) for day in DAYS}

    assert judged(columns_seen(tables)[0], 2) == LeftOut("day", "repeats the partition's day")
