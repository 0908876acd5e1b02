from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.arrays import WordColumn
from functions.ml.checking.shapes import Looks, Shape, of_name, of_time

DAY = "2013-02-08"


def looks(words: Sequence[str | None], shape: Shape = of_name) -> Looks:
    known = sorted({word for word in words if word is not None})
    codes = np.array([-1 if word is None else known.index(word) for word in words])
    found = Looks(shape)
    found.take(WordColumn(codes, known))
    return found


@pytest.mark.parametrize(
    ("word", "said"),
    [("2013-02-08-017", "9-9-9-9"), ("N14228", "x"), ("AA", "a"), ("", ""), ("New York", "a a")],
)
def test_a_name_looks_like_what_stands_between_its_letters_and_digits(word: str, said: str) -> None:
    assert of_name(word) == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("2013-02-08 05:30:00Z", "0 days 05"),
        ("2013-02-10", "2 days "),
        ("2013-02-30", "9-9-9"),
        ("soon", "a"),
    ],
)
def test_a_time_lies_so_far_behind_the_day_of_its_partition(word: str, said: str) -> None:
    assert of_time(DAY)(word) == said


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=50))
def test_a_column_looks_like_itself_in_any_order(words: list[str]) -> None:
    assert looks(words).apart(looks(words[::-1])) == 0


def test_what_looks_otherwise_or_is_much_longer_is_not_alike() -> None:
    keys = looks([f"a-{n}" for n in range(20)])

    assert keys.apart(looks([f"b-{n}" for n in range(20)])) is not None
    assert keys.apart(looks([f"a_{n}_" for n in range(20)])) is None
    assert keys.apart(looks([f"a-{n}" * 2 for n in range(20)])) is None
    assert keys.apart(looks([None] * 20)) is None


def test_only_a_column_with_a_text_of_its_own_in_each_row_names_rows() -> None:
    assert looks(["a", "b"]).names_rows
    assert not looks(["a", "a"]).names_rows
    assert not looks(["a", None]).names_rows
    assert not looks([]).names_rows
