import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from functions.arrays import Hashes
from functions.ml.checking.hashing import (
    distinct_of,
    hash_numbers,
    hash_words,
    mix,
    smallest,
    smallest_counted,
    together,
)

hashes = arrays(np.uint64, st.integers(0, 300), elements=st.integers(0, 50))


@given(hashes, st.integers(1, 20))
def test_the_smallest_are_those_that_sorting_finds(some: Hashes, most: int) -> None:
    assert smallest(some, most).tolist() == sorted(set(some.tolist()))[:most]


@given(hashes, st.integers(1, 20))
def test_counted_ones_say_how_often_each_occurs(some: Hashes, most: int) -> None:
    kept, times = smallest_counted(some, most)

    assert kept.tolist() == smallest(some, most).tolist()
    assert times.tolist() == [int((some == value).sum()) for value in kept]


@given(hashes, hashes)
def test_merged_samples_are_the_sample_of_all_rows(one: Hashes, other: Hashes) -> None:
    apart = together(smallest_counted(one, 10), smallest_counted(other, 10), 10)

    kept, times = smallest_counted(np.concatenate([one, other]), 10)
    assert (apart[0].tolist(), apart[1].tolist()) == (kept.tolist(), times.tolist())


def test_many_rows_give_the_same_sample_as_sorting_all_of_them() -> None:
    scattered = mix(np.arange(100_000, dtype=np.uint64) % 60_000)

    assert smallest(scattered, 512).tolist() == np.unique(scattered)[:512].tolist()


def test_distinct_values_are_exact_where_few_and_close_where_many() -> None:
    assert distinct_of(smallest(mix(np.arange(300, dtype=np.uint64)), 512), 512) == 300
    many = distinct_of(smallest(mix(np.arange(100_000, dtype=np.uint64)), 512), 512)
    assert abs(many - 100_000) / 100_000 < 4 / np.sqrt(510)


def test_equal_values_have_equal_hashes_and_both_zeros_are_one() -> None:
    first, second, third = hash_numbers(np.array([0.0, -0.0, 1.0])).tolist()

    assert first == second != third
    assert hash_words(["UA", "AA"]).tolist() == hash_words(["AA", "UA"]).tolist()[::-1]
