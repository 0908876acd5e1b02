import gc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from functions.arrays import Hashes
from functions.ml.checking.many_hashes import ManyHashes

IN_MEMORY, IN_A_FILE = 1000, 3
some = arrays(np.uint64, st.integers(0, 30), elements=st.integers(0, 2**64 - 1))


@given(st.lists(some, max_size=6), st.sampled_from([IN_MEMORY, IN_A_FILE]))
def test_rows_come_back_in_their_order(parts: list[Hashes], held: int) -> None:
    many = ManyHashes(held)

    for part in parts:
        many.append(part)

    every = np.concatenate([np.zeros(0, dtype=np.uint64), *parts])
    assert np.array_equal(np.concatenate([np.zeros(0, dtype=np.uint64), *many.pieces()]), every)
    assert len(many) == len(every)


@given(some, some, st.sampled_from([IN_MEMORY, IN_A_FILE]))
def test_what_is_added_to_rows_counts_from_zero_where_they_are_new(
    first: Hashes, later: Hashes, held: int
) -> None:
    many = ManyHashes(held)

    many.add(0, first.copy())
    many.add(0, later.copy())

    sums = np.zeros(max(len(first), len(later)), dtype=np.uint64)
    sums[: len(first)] += first
    sums[: len(later)] += later
    assert np.array_equal(np.concatenate([sums[:0], *many.pieces()]), sums)


@given(st.lists(st.integers(0, 9), max_size=40), st.sampled_from([IN_MEMORY, IN_A_FILE]))
def test_different_ones_are_counted_and_the_smallest_kept(values: list[int], held: int) -> None:
    many = ManyHashes(held)

    many.append(np.array(values, dtype=np.uint64))

    times = Counter(values)
    assert many.distinct == len(times)
    kept, counts = many.smallest(4)
    assert kept.tolist() == sorted(times)[:4]
    assert counts.tolist() == [times[value] for value in sorted(times)[:4]]


@pytest.mark.parametrize("copies", [1, 2])
def test_more_of_them_than_are_sorted_at_once_are_counted_by_their_ranges(copies: int) -> None:
    different = np.arange(1_100_000, dtype=np.uint64) * np.uint64(2**64 // 1_100_001)
    many = ManyHashes()

    for _ in range(copies):
        many.append(different)

    assert many.distinct == len(different)


def test_the_file_is_closed_when_nobody_needs_it() -> None:
    many = ManyHashes(IN_A_FILE)
    many.append(np.arange(5, dtype=np.uint64))
    file = many._file  # noqa: SLF001 - nobody else can see it
    assert file is not None

    del many
    gc.collect()

    assert file.closed
