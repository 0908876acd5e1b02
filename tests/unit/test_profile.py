import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from functions.ml.profile import profile_numbers, profile_words
from functions.ml.stability import Floats

EDGES = np.array([0.0, 10.0])
samples = arrays(np.float64, st.integers(1, 200), elements=st.floats(-1e6, 1e6))


def test_a_column_of_numbers_is_summarised() -> None:
    seen = profile_numbers(np.array([-1.0, 0.0, 4.0, 12.0, 900.0]), 5, EDGES, allowed=(-50, 100))

    assert seen.counts == (1, 2, 2)
    assert (seen.rows, seen.null_share) == (10, 0.5)
    assert (seen.negatives, seen.zeros, seen.outside) == (1, 1, 1)
    assert (seen.low, seen.high, seen.mean) == (-1, 900, 183)
    assert seen.zero_share == 0.2


@given(samples)
def test_counts_and_moments_are_those_of_numpy(sample: Floats) -> None:
    seen = profile_numbers(sample, 3, EDGES)

    assert seen.filled == len(sample)
    assert seen.mean == pytest.approx(np.mean(sample))
    assert seen.spread == pytest.approx(np.std(sample), abs=1e-6)


@given(samples, samples)
def test_counts_of_two_objects_add_up_to_those_of_both(one: Floats, other: Floats) -> None:
    both = profile_numbers(np.concatenate([one, other]), 0, EDGES)

    parts = [profile_numbers(sample, 0, EDGES).counts for sample in (one, other)]
    assert both.counts == tuple(sum(pair) for pair in zip(*parts, strict=True))


def test_a_column_without_values_has_only_nulls() -> None:
    seen = profile_numbers(np.empty(0), 4, EDGES)

    assert (seen.null_share, seen.mean, seen.spread, seen.zero_share) == (1.0, None, None, 0.0)


def test_a_constant_has_no_spread_at_all() -> None:
    assert profile_numbers(np.full(3, 0.1), 0, EDGES).spread == 0.0


def test_a_spread_beyond_all_floats_is_left_out() -> None:
    seen = profile_numbers(np.array([-1e308, 1e308]), 0, EDGES)

    assert seen.spread is None
    assert seen.high == 1e308


def test_of_a_sensitive_column_only_counts_are_kept() -> None:
    seen = profile_numbers(np.array([41_000.0, 52_000.0]), 1, EDGES, is_sensitive=True)

    assert (seen.mean, seen.spread, seen.low, seen.high) == (None, None, None, None)
    assert seen.counts == (0, 0, 2)


def test_categories_are_counted_known_ones_first() -> None:
    seen = profile_words({"UA": 3, "ZZ": 1}, 2, ("AA", "UA"))

    assert (seen.counts, seen.nulls, seen.rows) == ((0, 3, 1), 2, 6)
