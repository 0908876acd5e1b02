import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from functions.arrays import Batch, Floats, NumberColumn, Sized, WordColumn
from functions.ml.checking.column_profile import Fact, profile_column
from functions.ml.checking.hashing import hash_words
from functions.ml.checking.profile import Profile, Profiler, merge, profile_batch
from functions.ml.checking.ruler import Ruler, rule_numbers, rule_words
from functions.ml.checking.summary import Summary, close

WORDS = ("AA", "UA", "zz top", "é")
RULER = Ruler.of(
    {
        "distance": rule_numbers(np.arange(200.0), had_nulls=True),
        "carrier": rule_words({"UA": 3, "AA": 1}, hash_words(["UA", "AA"]), had_nulls=False),
    }
)
numbers = arrays(np.float64, st.integers(0, 80), elements=st.floats(-1e6, 1e6) | st.just(np.nan))


def rows_of(values: Floats) -> Sized:
    codes = np.arange(len(values), dtype=np.int64) % (len(WORDS) + 1) - 1
    batch: Batch = {"distance": NumberColumn(values), "carrier": WordColumn(codes, WORDS)}
    return Sized(batch, len(values))


def profile(values: Floats) -> Profile:
    part = rows_of(values)
    return profile_batch(part.batch, part.rows, RULER)


def test_facts_of_numbers_are_counted() -> None:
    seen = profile(np.array([-1.0, 0.0, 4.5, np.nan, 900.0])).facts[0]

    assert seen[Fact.NULLS] == 1
    assert (seen[Fact.NEGATIVES], seen[Fact.ZEROS], seen[Fact.MINUS_ONES]) == (1, 1, 1)
    assert seen[Fact.FRACTIONS] == 1


def test_facts_of_words_are_counted() -> None:
    seen = profile(np.zeros(5)).facts[1]  # one row without a word, then each word once

    assert (seen[Fact.NULLS], seen[Fact.LETTERS]) == (1, 2 + 2 + 6 + 1)
    assert (seen[Fact.UPPER], seen[Fact.LOWER], seen[Fact.FOREIGN]) == (2, 2, 1)


def test_words_that_the_ruler_does_not_know_are_named_by_their_hashes() -> None:
    hashes, times = profile(np.zeros(10)).fresh[1]

    assert sorted(hashes.tolist()) == sorted(hash_words(["zz top", "é"]).tolist())
    assert times.tolist() == [2, 2]


@given(numbers)
def test_every_row_is_counted_once_in_each_column(values: Floats) -> None:
    seen = profile(values)

    for i, column in enumerate(RULER.names):
        counts = seen.counts[RULER.offsets[i] : RULER.offsets[i + 1]]
        assert counts.sum() + seen.facts[i, Fact.NULLS] == len(values), column


@given(numbers, numbers, numbers)
def test_profiles_of_parts_merge_to_that_of_all_rows(a: Floats, b: Floats, c: Floats) -> None:
    codes = rows_of(np.concatenate([a, b, c])).batch["carrier"]
    assert isinstance(codes, WordColumn)
    ends = np.cumsum([0, len(a), len(b), len(c)])
    parts = [
        profile_batch(
            {
                "distance": NumberColumn(values),
                "carrier": WordColumn(codes.codes[ends[i] : ends[i + 1]], WORDS),
            },
            len(values),
            RULER,
        )
        for i, values in enumerate((a, b, c))
    ]

    whole = profile(np.concatenate([a, b, c]))
    forwards = merge(merge(parts[0], parts[1]), parts[2])
    backwards = merge(parts[0], merge(parts[1], parts[2]))

    for merged in (forwards, backwards):
        assert merged.rows == whole.rows
        assert merged.counts.tolist() == whole.counts.tolist()
        assert merged.sums.tolist() == whole.sums.tolist()
        assert merged.facts == pytest.approx(whole.facts, rel=1e-9, abs=1e-6)
        assert merged.products == pytest.approx(whole.products, rel=1e-9, abs=1e-6)
        assert [kept.tolist() for kept in merged.distinct] == [
            kept.tolist() for kept in whole.distinct
        ]
        assert merged.sample[1].tolist() == whole.sample[1].tolist()


def test_a_profiler_holds_what_was_taken_so_far() -> None:
    profiler = Profiler(RULER)

    for start in range(0, 300, 100):
        profiler.take(rows_of(np.arange(start, start + 100.0)))

    assert profiler.profile.rows == 300
    assert (profiler.profile.lows[0], profiler.profile.highs[0]) == (0, 299)


def test_a_column_that_is_missing_counts_as_all_null() -> None:
    seen = profile_batch({}, 7, RULER)

    assert seen.facts[:, Fact.NULLS].tolist() == [7, 7]


def test_a_partition_without_rows_can_be_profiled_and_closed() -> None:
    assert float(close(profile(np.zeros(0)), [np.zeros(0, np.uint64)] * 2).rows) == 0


def test_copies_of_rows_are_seen_without_a_key() -> None:
    values = np.random.default_rng(0).normal(size=1000)
    part = rows_of(values)
    again: Batch = {
        "distance": NumberColumn(np.concatenate([values, values[:500]])),
        "carrier": WordColumn(
            np.concatenate([(c := part.batch["carrier"]).codes, c.codes[:500]]),  # type: ignore[union-attr]  # it is one of words
            WORDS,
        ),
    }
    nothing = [np.zeros(0, np.uint64)] * 2

    doubled = close(profile_batch(again, 1500, RULER), nothing)

    assert float(doubled.duplicates) == pytest.approx(1 / 3)
    assert float(close(profile(values), nothing).duplicates) == 0


def test_columns_can_be_left_out_of_a_summary() -> None:
    nothing = [np.zeros(0, np.uint64)] * 2
    both = Summary.stack([close(profile(np.arange(n, n + 50.0)), nothing) for n in range(3)])

    one = both.only(RULER, ["carrier"])
    narrow = RULER.only(["carrier"])

    assert one.counts.shape == (3, narrow.offsets[-1])
    assert one.products.shape == (3, len(narrow.related) + 1, len(narrow.related) + 1)
    assert one.facts[:, 0].tolist() == both.facts[:, 1].tolist()


@pytest.mark.parametrize("values", [np.full(5, 1e308), np.array([-1e308, 1e308]), np.zeros(9)])
def test_odd_columns_can_be_ruled_and_profiled(values: Floats) -> None:
    ruler = Ruler.of({"x": rule_numbers(values, had_nulls=False)})

    seen = profile_batch({"x": NumberColumn(values)}, len(values), ruler)

    assert seen.counts.sum() == len(values)
    assert np.isfinite(seen.facts).all()


def decimals_learned(values: list[float]) -> int:
    return rule_numbers(np.array(values), had_nulls=False).decimals


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1.0, 20.0, -3.0], 0),
        ([0.24, 0.5, 1.0], 2),
        ([0.2879, 0.1], 4),
        ([1 / 3, 2 / 3], 0),
        ([0.24, 1 / 3], 0),
        ([float(np.float32(10.25)), float(np.float32(0.1))], 2),
        ([], 0),
    ],
)
def test_a_ruler_knows_how_many_decimals_were_written_down(
    values: list[float], decimals: int
) -> None:
    assert decimals_learned(values) == decimals


def test_values_in_another_unit_have_more_decimals_and_odd_ones_are_counted() -> None:
    rule = rule_numbers(np.array([0.24, 0.5, 1.25]), had_nulls=False)

    def finer(values: list[float]) -> float:
        profile, _ = profile_column(NumberColumn(np.array(values)), len(values), rule)
        return float(profile.facts[Fact.FRACTIONS])

    assert finer([0.26, 7.0, np.nan, 1e300, np.inf]) == 0
    assert finer([0.26 * 0.3048, 0.5 * 0.3048, 1.25 + 0.0123]) == 3
