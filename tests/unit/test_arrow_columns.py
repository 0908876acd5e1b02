from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa
import pytest

from functions.data.arrow_columns import Numbers, Words, WrongType, count_keys, take_column


def chunked(*values: Any, kind: pa.DataType | None = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, type=kind)])


@pytest.mark.parametrize(
    "column",
    [
        chunked(1, 2, None),
        chunked(1.0, 2.0, None),
        chunked(1.0, 2.0, float("nan")),
        chunked(1.0, 2.0, float("inf")),
        chunked(Decimal("1.0"), Decimal("2.0"), None),
    ],
    ids=["integers", "floats", "nan", "infinite", "decimals"],
)
def test_numbers_of_every_type_are_taken_and_what_is_not_finite_is_a_null(
    column: pa.ChunkedArray,
) -> None:
    taken = take_column([column], "number")

    assert isinstance(taken, Numbers)
    assert (taken.values.tolist(), taken.nulls) == ([1.0, 2.0], 1)


def test_a_column_of_nulls_is_a_number_and_a_category() -> None:
    nothing = chunked(None, None, kind=pa.null())

    numbers, words = take_column([nothing], "number"), take_column([nothing], "category")

    assert isinstance(numbers, Numbers)
    assert isinstance(words, Words)
    assert (numbers.nulls, words.nulls, dict(words.counts)) == (2, 2, {})


@pytest.mark.parametrize(
    ("column", "counts"),
    [
        (chunked("a", "b", "a", None), {"a": 2, "b": 1}),
        (chunked("a", "b", "a", None).dictionary_encode(), {"a": 2, "b": 1}),
        (chunked(7, 7, 8, None), {"7": 2, "8": 1}),
        (chunked(7.0, 7.0, 8.0, float("nan")), {"7": 2, "8": 1}),
        (chunked(True, False, True, None), {"true": 2, "false": 1}),
    ],
    ids=["text", "dictionary", "integers", "floats", "booleans"],
)
def test_categories_of_every_type_are_counted(
    column: pa.ChunkedArray, counts: dict[str, int]
) -> None:
    taken = take_column([column], "category")

    assert isinstance(taken, Words)
    assert (dict(taken.counts), taken.nulls) == (counts, 1)


def test_objects_that_store_a_number_differently_are_one_column() -> None:
    taken = take_column([chunked(1, 2), chunked(2.5)], "number")

    assert isinstance(taken, Numbers)
    assert taken.values.tolist() == [1.0, 2.0, 2.5]


@pytest.mark.parametrize(
    ("column", "expected", "holds"),
    [
        (chunked("1"), "number", "holds text, a number is expected"),
        (chunked("1").dictionary_encode(), "number", "holds text, a number is expected"),
        (
            chunked(datetime(2013, 1, 1, tzinfo=UTC)),
            "number",
            "holds times, a number is expected",
        ),
        (chunked([1]), "category", "holds something nested, a category is expected"),
        (chunked(b"1"), "category", "holds binary, a category is expected"),
    ],
)
def test_another_type_is_said_in_words(
    column: pa.ChunkedArray, expected: Literal["number", "category"], holds: str
) -> None:
    assert take_column([column], expected) == WrongType(holds)


def test_keys_are_counted_over_all_objects_whatever_their_type() -> None:
    assert count_keys([chunked("1", "2", None), chunked(2, 3)]) == (3, 1)
    assert count_keys([]) == (0, 0)


@pytest.mark.parametrize(
    "kind", [pa.dictionary(pa.int32(), pa.string()), pa.string_view(), pa.large_string()]
)
def test_keys_that_are_stored_as_codes_or_views_are_counted(kind: pa.DataType) -> None:
    names = pa.chunked_array([pa.array(["a", "b"]), pa.array(["a", None])]).cast(kind)

    assert count_keys([names]) == (2, 1)
    assert count_keys([names, pa.chunked_array([pa.array(["c"])])]) == (3, 1)
