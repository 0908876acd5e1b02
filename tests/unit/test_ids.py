from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import content_hash, fact_id, fresh_id
from tests.builders import NOON

keys = st.lists(st.one_of(st.text(max_size=6), st.integers()), max_size=4)
random_80_bits = st.integers(0, 2**80 - 1)


@given(keys)
def test_the_same_fact_always_has_the_same_id(key: list[str | int]) -> None:
    assert fact_id("alr", *key) == fact_id("alr", *key)


@given(keys, keys)
def test_facts_that_read_differently_have_different_ids(
    one: list[str | int], other: list[str | int]
) -> None:
    same = [str(part) for part in one] == [str(part) for part in other]

    assert (fact_id("alr", *one) == fact_id("alr", *other)) == same


def test_where_one_part_ends_and_the_next_begins_matters() -> None:
    assert fact_id("alr", "ab", "c") != fact_id("alr", "a", "bc")
    assert fact_id("alr", "a", "") != fact_id("alr", "a")


def test_an_id_is_the_same_on_any_machine_and_in_any_year() -> None:
    assert fact_id("alr", "flights", "2013-02-08") == "alr_b1a7f9d3d8ef8652b5ef"
    assert content_hash(b"bytes") == "6ea7442bc44abc453a57f9153dda1bd6"


def test_bytes_are_named_by_what_they_are() -> None:
    assert content_hash(b"one") != content_hash(b"two")
    assert len(content_hash(b"")) == 32


@given(random_80_bits, random_80_bits, st.integers(1, 10**9))
def test_what_was_made_later_sorts_later(one: int, other: int, later_ms: int) -> None:
    later = NOON + timedelta(milliseconds=later_ms)

    assert fresh_id("inc", NOON, one) < fresh_id("inc", later, other)


@given(random_80_bits, random_80_bits)
def test_what_was_made_at_the_same_moment_differs_by_chance(one: int, other: int) -> None:
    assert (fresh_id("inc", NOON, one) == fresh_id("inc", NOON, other)) == (one == other)


@given(random_80_bits)
def test_a_fresh_id_is_short_and_can_be_said_aloud(random: int) -> None:
    prefix, digits = fresh_id("inc", NOON, random).split("_")

    assert (prefix, len(digits)) == ("inc", 26)
    assert not set(digits) & set("ilou")  # taken for 1, 1, 0 and v
