"""Tables that lack columns, rows or their end, and parts that do not fit each other."""

import math

import pyarrow as pa
import pytest

from functions.flows.check_partition import check_partition
from tests.checked_model import DAY, ROWS, flights
from tests.scenarios.test_bad_input.landing import (
    sentence,
    sentences,
    table_of,
    with_column,
    written,
)
from tests.watched_model import WatchedModel, parquet_of


def test_a_table_without_columns_lacks_them_all(known: WatchedModel) -> None:
    frame = flights(DAY)[["scheduled_departure"]]

    assert sentence(known, frame) == "`carrier` is missing (and 2 more)"


def test_a_table_without_rows_and_columns_is_empty(known: WatchedModel) -> None:
    assert sentence(known, written(pa.table({}))) == "The partition has no rows"


@pytest.mark.parametrize("cut", [0, 4, 100, 1000, -1, -8])
def test_a_truncated_object_cannot_be_read(known: WatchedModel, cut: int) -> None:
    body = parquet_of(flights(DAY))

    assert sentence(known, body[:cut]) == "`part-0.parquet` cannot be read as Parquet"


def test_damage_inside_an_object_makes_it_unreadable(known: WatchedModel) -> None:
    body = bytearray(written(table_of(), compression="zstd"))
    body[200:400] = bytes(200)

    assert sentence(known, bytes(body)) == "`part-0.parquet` cannot be read as Parquet"


def test_text_that_is_none_makes_an_object_unreadable(known: WatchedModel) -> None:
    column = pa.array([b"\xff"] * ROWS).view(pa.binary()).cast(pa.string(), safe=False)
    body = with_column("carrier", column)

    assert sentence(known, body) == "`part-0.parquet` cannot be read as Parquet"


def test_one_row_is_judged_by_the_contract(known: WatchedModel) -> None:
    said = sentence(known, flights(DAY).head(1))

    assert said == "The contract is kept; too few rows to judge distributions."


def test_parts_with_other_numbers_and_columns_in_another_order_are_one_partition(
    known: WatchedModel,
) -> None:
    frame = flights(DAY).assign(distance=lambda rows: rows["distance"].round())
    head, tail = table_of(frame.head(100)), table_of(frame.tail(100))
    other = tail.set_column(2, "distance", tail.column("distance").cast(pa.int32()))

    assert sentences(known, head, other.select(tail.column_names[::-1])).keys() <= {"distance"}


def test_a_part_with_text_turns_the_column_to_text(known: WatchedModel) -> None:
    frame = flights(DAY)
    text = frame.tail(100).astype({"distance": str})

    said = sentences(known, table_of(frame.head(100)), table_of(text))

    assert said["distance"] == "`distance` holds text, a number is expected"


def test_a_part_that_lacks_a_column_makes_it_missing(known: WatchedModel) -> None:
    frame = flights(DAY)

    said = sentences(
        known, table_of(frame.head(100)), table_of(frame.tail(100).drop(columns="carrier"))
    )

    assert said["carrier"] == "`carrier` is missing"


@pytest.mark.parametrize("nothing", [pa.nulls(ROWS), pa.array([math.nan] * ROWS)])
@pytest.mark.parametrize("name", ["distance", "carrier"])
def test_a_column_that_lost_all_values_is_said_to(
    known: WatchedModel, nothing: pa.Array, name: str
) -> None:
    assert sentence(known, with_column(name, nothing)) == f"`{name}`: 100 % missing, never before"


def test_a_key_that_lost_all_values_is_said_to(known: WatchedModel) -> None:
    said = sentence(known, with_column("flight_id", pa.nulls(ROWS)))

    assert said == "`flight_id`: 100 % missing, never before"


@pytest.mark.parametrize("name", ["distance", "carrier", "flight_id"])
def test_a_column_that_is_there_twice_is_said_to_be(known: WatchedModel, name: str) -> None:
    table = table_of()
    twice = table.append_column(name, table.column(name))

    assert sentence(known, written(twice)) == f"`{name}` is there twice"


def test_a_csv_column_that_is_there_twice_is_said_to_be(known: WatchedModel) -> None:
    body = flights(DAY).assign(more=1).rename(columns={"more": "distance"}).to_csv(index=False)
    known.puts("flights/features", DAY, body.encode(), ending="csv")

    check = check_partition("flights", DAY, known.ports)

    assert check.verdict.sentence == "`distance` is there twice"
