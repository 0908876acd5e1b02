import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy

from functions.ml.bins import count_numbers, count_words, freeze_edges, freeze_words
from functions.ml.stability import Counts, Floats, excess, psi, psi_terms

counts = arrays(np.int64, 8, elements=st.integers(0, 10_000))
samples = arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e6, 1e6))


@given(counts, counts)
def test_psi_is_never_negative_in_any_bin(expected: Counts, actual: Counts) -> None:
    assert (psi_terms(expected, actual) >= 0).all()


@given(counts, counts)
def test_psi_is_the_same_in_both_directions(expected: Counts, actual: Counts) -> None:
    assert psi(expected, actual) == pytest.approx(psi(actual, expected))


@given(samples, st.randoms())
def test_psi_does_not_care_about_order(sample: Floats, chance: st.DataObject) -> None:
    edges = freeze_edges(sample)
    shuffled = np.array(sorted(sample, key=lambda _: chance.random()))  # type: ignore[attr-defined]  # hypothesis's own Random

    assert psi(count_numbers(sample, edges), count_numbers(shuffled, edges)) == pytest.approx(0)


@given(st.permutations(range(8)), counts, counts)
def test_psi_does_not_care_how_bins_are_ordered(
    order: list[int], expected: Counts, actual: Counts
) -> None:
    assert psi(expected[order], actual[order]) == pytest.approx(psi(expected, actual))


def test_psi_of_a_case_computed_by_hand() -> None:
    assert psi(np.array([50, 50]), np.array([75, 25])) == pytest.approx(0.25 * np.log(3))


@given(
    arrays(np.int64, 6, elements=st.integers(1, 500)),
    arrays(np.int64, 6, elements=st.integers(1, 500)),
)
def test_psi_agrees_with_the_divergence_of_scipy(expected: Counts, actual: Counts) -> None:
    both_ways = entropy(actual, expected) + entropy(expected, actual)

    assert psi(expected, actual) == pytest.approx(both_ways, abs=1e-9)


def test_an_empty_bin_is_not_infinite_news() -> None:
    assert np.isfinite(psi(np.array([10, 0]), np.array([0, 10])))
    assert psi(np.array([0, 0]), np.array([0, 0])) == 0


def test_the_excess_of_samples_from_one_distribution_does_not_depend_on_their_size() -> None:
    rng = np.random.default_rng(5)
    window = rng.normal(size=100_000)
    edges = freeze_edges(window)
    pooled = count_numbers(window, edges)

    mean = {
        rows: np.mean(
            [excess(pooled, count_numbers(rng.normal(size=rows), edges)) for _ in range(60)]
        )
        for rows in (500, 20_000)
    }

    assert mean[500] == pytest.approx(np.log(2), abs=0.1)
    assert mean[20_000] == pytest.approx(np.log(2), abs=0.1)


def test_edges_split_a_sample_evenly_and_finer_in_its_tails() -> None:
    edges = freeze_edges(np.arange(1000, dtype=np.float64))

    shares = count_numbers(np.arange(1000, dtype=np.float64), edges) / 1000
    assert len(edges) == 11
    assert shares[[0, -1]] == pytest.approx(0.01, abs=0.002)
    assert shares[2:-2] == pytest.approx(0.1, abs=0.002)


def test_a_frequent_value_has_a_bin_of_its_own() -> None:
    rain = np.concatenate([np.zeros(900), np.linspace(0.1, 1, 100)])

    by_bin = count_numbers(rain, freeze_edges(rain))

    assert 900 in by_bin.tolist()


@given(samples)
def test_every_value_is_counted_once(sample: Floats) -> None:
    assert count_numbers(sample, freeze_edges(sample)).sum() == len(sample)


def test_a_constant_has_three_bins_and_nothing_has_one() -> None:
    assert count_numbers(np.full(5, 7.0), freeze_edges(np.full(5, 7.0))).tolist() == [0, 5, 0]
    assert count_numbers(np.empty(0), freeze_edges(np.empty(0))).tolist() == [0]


def test_categories_are_counted_by_frequency_and_the_rest_together() -> None:
    words = freeze_words({"b": 2, "a": 2, "c": 5})

    assert words == ("c", "a", "b")
    assert count_words({"a": 1, "x": 4, "y": 1}, words).tolist() == [0, 1, 0, 5]
