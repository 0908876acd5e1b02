import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.keys import key_numbers
from functions.ml.checking.key_sample import (
    MOST_KEYS,
    NO_KEYS,
    KeyCounter,
    KeySample,
    both,
    duplicate_share,
    sample_keys,
)

names = st.lists(st.text(max_size=20) | st.none(), max_size=60)


def sample(*chunks: pa.Array) -> KeySample:
    return sample_keys(key_numbers([pa.chunked_array([chunk]) for chunk in chunks]))


def of_texts(keys: list[str | None]) -> KeySample:
    return sample(pa.array(keys, pa.string()))


def same(one: KeySample, other: KeySample) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@given(names)
def test_few_keys_are_all_there_each_with_its_rows(keys: list[str | None]) -> None:
    hashes, times = of_texts(keys)

    named = [key for key in keys if key is not None]
    counts = sorted(named.count(key) for key in set(named))
    assert sorted(times.tolist()) == counts
    assert len(set(hashes.tolist())) == len(counts)


@given(names, names)
def test_samples_of_parts_merge_to_that_of_all_rows(
    first: list[str | None], later: list[str | None]
) -> None:
    whole = of_texts(first + later)

    assert same(both(of_texts(first), of_texts(later)), whole)
    assert same(both(of_texts(later), of_texts(first)), whole)
    assert same(both(whole, NO_KEYS), whole)


def test_keys_are_compared_as_text_however_they_are_stored() -> None:
    numbers = pa.array([7, 12, 7])

    as_text = sample(pa.array(["7", "12", "7"]))

    assert same(sample(numbers), as_text)
    assert same(sample(pa.array(["7", "12", "7"]).dictionary_encode()), as_text)
    assert same(sample(pa.array(["x", "7", "12", "7", "x"])[1:4]), as_text)


@pytest.mark.parametrize("pair", [("a", "a\0"), ("", "\0"), ("12345678", "12345678\0"), ("a", "b")])
def test_keys_that_differ_are_told_apart(pair: tuple[str, str]) -> None:
    assert duplicate_share(of_texts(list(pair))) == 0.0


def test_many_keys_without_a_copy_have_no_duplicates_at_all() -> None:
    keys = sample(pa.array(np.arange(5 * MOST_KEYS)))

    assert len(keys[0]) == MOST_KEYS
    assert duplicate_share(keys) == 0.0


def test_the_share_of_duplicates_among_many_keys_is_near_the_true_one() -> None:
    keys = np.arange(20 * MOST_KEYS)
    copies = np.random.default_rng(3).choice(keys, len(keys) // 50)

    share = duplicate_share(both(sample(pa.array(keys)), sample(pa.array(copies))))

    assert share == pytest.approx(1 / 51, abs=4 * 0.0022)  # four standard errors


def test_without_keys_there_are_no_duplicates() -> None:
    assert duplicate_share(NO_KEYS) == 0.0
    assert duplicate_share(of_texts([None, None])) == 0.0


def counted(*chunks: pa.Array) -> int:
    counter = KeyCounter()
    for chunk in chunks:
        counter.take(key_numbers([pa.chunked_array([chunk])]))
    return counter.distinct(0)


@given(names, names)
def test_different_keys_are_counted_over_all_objects(
    first: list[str | None], later: list[str | None]
) -> None:
    assert counted(pa.array(first, pa.string()), pa.array(later, pa.string())) == len(
        {*first, *later} - {None}
    )


def test_keys_of_any_type_are_counted_as_text() -> None:
    moments = pa.array([0, 1, 1], pa.timestamp("us", "No/Where"))

    assert counted(pa.array(["1", "2", None]), pa.array([2, 3])) == 3
    assert counted(pa.array(["a", "b"]).dictionary_encode(), pa.array(["b"], pa.string_view())) == 2
    assert counted(pa.nulls(3), moments) == 2
