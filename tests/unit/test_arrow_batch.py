from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from functions.arrays import NumberColumn, WordColumn
from functions.data.arrow_batch import Kind, Taken, in_words, take_batch, wrong_key


def column(*values: Any, kind: pa.DataType | None = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, type=kind)])


def take(values: pa.ChunkedArray, kind: Kind) -> Taken:
    return take_batch(pa.table({"x": values}), {"x": kind})


def words_of(taken: Taken) -> list[str | None]:
    words = taken.batch["x"]
    assert isinstance(words, WordColumn)
    return [None if code < 0 else words.words[code] for code in words.codes]


@pytest.mark.parametrize(
    "values",
    [
        column(1, 2, None),
        column(1.0, 2.0, None),
        column(1.0, 2.0, float("nan")),
        column(1.0, 2.0, float("inf")),
        column(Decimal("1.0"), Decimal("2.0"), None),
    ],
    ids=["integers", "floats", "nan", "infinite", "decimals"],
)
def test_numbers_of_every_type_are_taken_and_what_is_not_finite_is_no_value(
    values: pa.ChunkedArray,
) -> None:
    taken = take(values, "number").batch["x"]

    assert isinstance(taken, NumberColumn)
    assert np.array_equal(taken.values, [1.0, 2.0, np.nan], equal_nan=True)


def test_a_column_of_nulls_is_a_number_and_a_category() -> None:
    nothing = column(None, None, kind=pa.null())

    numbers = take(nothing, "number").batch["x"]

    assert isinstance(numbers, NumberColumn)
    assert np.isnan(numbers.values).all()
    assert words_of(take(nothing, "category")) == [None, None]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (column("a", "b", "a", None), ["a", "b", "a", None]),
        (column("a", "b", "a", None).dictionary_encode(), ["a", "b", "a", None]),
        (column(7, 7, 8, None), ["7", "7", "8", None]),
        (column(7.0, 7.0, 8.0, float("nan")), ["7", "7", "8", None]),
        (column(True, False, True, None), ["true", "false", "true", None]),
        (pa.chunked_array([["a"], ["b", "a", None]]).dictionary_encode(), ["a", "b", "a", None]),
        (pa.chunked_array([], type=pa.string()), []),
    ],
    ids=["text", "dictionary", "integers", "floats", "booleans", "chunks", "nothing"],
)
def test_categories_of_every_type_are_taken_as_words(
    values: pa.ChunkedArray, words: list[str | None]
) -> None:
    assert words_of(take(values, "category")) == words


def test_words_of_a_sensitive_column_are_hashed_alike_everywhere() -> None:
    table = pa.table({"x": column("Jo", "Al", "Jo")})

    first, second, third = words_of(take_batch(table, {"x": "category"}, {"x"}))

    assert first == third != second
    assert "Jo" not in str(first)


@pytest.mark.parametrize(
    ("values", "kind", "holds"),
    [
        (column("1"), "number", "holds text, a number is expected"),
        (column("1").dictionary_encode(), "number", "holds text, a number is expected"),
        (column(datetime(2013, 1, 1, tzinfo=UTC)), "number", "holds times, a number is expected"),
        (column([1]), "category", "holds something nested, a category is expected"),
        (column(b"1"), "category", "holds binary, a category is expected"),
    ],
)
def test_another_type_is_said_in_words(values: pa.ChunkedArray, kind: Kind, holds: str) -> None:
    taken = take(values, kind)

    assert (dict(taken.mistyped), dict(taken.batch)) == ({"x": holds}, {})


def test_a_column_that_is_not_there_is_missing_and_one_that_is_there_twice_is_said_to_be() -> None:
    twice = pa.Table.from_arrays([column(1), column(2)], names=["x", "x"])

    taken = take_batch(twice, {"x": "number", "y": "number"})

    assert taken.missing == ("y",)
    assert taken.mistyped == {"x": "is there twice"}


def test_what_cannot_name_rows_is_said_in_words() -> None:
    assert wrong_key(pa.string()) is None
    assert wrong_key(pa.list_(pa.int64())) == "holds something nested, names of rows are expected"


def test_what_arrow_cannot_write_as_text_is_no_category() -> None:
    months = column((1, 2, 3), kind=pa.month_day_nano_interval())

    said = take(months, "category").mistyped["x"]

    assert said == "holds times, a category is expected"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (pa.int8(), "numbers"),
        (pa.decimal128(9, 2), "numbers"),
        (pa.bool_(), "yes or no"),
        (pa.string_view(), "text"),
        (pa.dictionary(pa.int8(), pa.int64()), "numbers"),
        (pa.date32(), "times"),
        (pa.null(), "nothing"),
        (pa.struct([("a", pa.int8())]), "something nested"),
        (pa.binary(16), "binary"),
    ],
    ids=str,
)
def test_what_a_column_holds_is_said_in_words(kind: pa.DataType, words: str) -> None:
    assert in_words(kind) == words
