"""Parts of one partition, cut from the same rows, put together in any order."""

from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.adapters.folder.objects import FolderObjects
from core.domain.reading import Reading
from core.ports import ObjectInfo
from functions.arrays import Counts, Floats, Hashes, NumberColumn, Sized, WordColumn
from functions.data.keys import key_numbers
from functions.data.npz import packed, unpacked
from functions.data.profiles import Profiles
from functions.ml.checking.hashing import hash_words
from functions.ml.checking.key_sample import sample_keys
from functions.ml.checking.leaves import put_together, taken_apart
from functions.ml.checking.packing import Packed, pack_part, unpack_part
from functions.ml.checking.part import Part
from functions.ml.checking.profile import Profiler
from functions.ml.checking.ruler import Ruler, rule_numbers, rule_words
from functions.ml.checking.tally import Tally
from tests.builders import NOON, a_config, a_rule

WORDS = ("AA", "UA", "zz top")
RULER = Ruler.of(
    {
        "distance": rule_numbers(np.arange(200.0), had_nulls=True),
        "carrier": rule_words({"UA": 3, "AA": 1}, hash_words(["UA", "AA"]), had_nulls=False),
    }
)
FEWEST_IN_A_HEAD = 64
CONFIG = a_config(
    constraints=[
        a_rule(column="distance", at_most=120).model_dump(),
        a_rule(column="distance", at_least=80).model_dump(),
        a_rule(column="carrier", unique=True).model_dump(),
        a_rule(column="carrier", never_null=True).model_dump(),
    ]
)
RULES = Tally(CONFIG, CONFIG.constraints)


def a_part(seed: int, rows: int = 100, **told: Any) -> Part:
    """Some rows; the keys of two parts overlap."""
    profiler, tally = Profiler(RULER), RULES.anew()
    tally.before(profiler.take)(rows_of(seed, rows))
    rng = np.random.default_rng(seed)
    keys = pa.chunked_array([pa.array(rng.integers(0, 500, rows))])
    reading = Reading.model_validate({"rows": rows} | told)
    return Part(profiler.profile, sample_keys(key_numbers([keys])), reading, tally)


def rows_of(seed: int, rows: int = 100) -> Sized:
    """The rows of a part."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(-1, len(WORDS), rows)
    distance = NumberColumn(rng.normal(100, 30, rows))
    return Sized({"distance": distance, "carrier": WordColumn(codes, WORDS)}, rows)


def joined(parts: list[Part]) -> Part:
    whole = Part.empty(RULER, RULES)
    for part in parts:
        whole = whole.followed_by(part)
    return whole


def assert_same(one: object, other: object) -> None:
    """Compare whatever fields there are; sums of floats may differ in the last digits."""
    (shapes, arrays), (other_shapes, other_arrays) = taken_apart(one), taken_apart(other)
    assert shapes == other_shapes
    for kind, values in arrays.items():
        if kind == "<f8":
            np.testing.assert_allclose(values, other_arrays[kind], rtol=1e-9)
        else:
            np.testing.assert_array_equal(values, other_arrays[kind])


@given(st.permutations(range(4)), st.integers(0, 50))
def test_parts_merge_to_the_same_in_any_order(order: list[int], seed: int) -> None:
    parts = [a_part(seed + i) for i in range(4)]

    there, back = joined(parts), joined([parts[i] for i in order])

    for field in ("rows", "counts", "sums", "lows", "highs", "distinct", "fresh", "sample"):
        assert_same((getattr(there.profile, field),), (getattr(back.profile, field),))
    assert_same((there.profile.facts, there.keys), (back.profile.facts, back.keys))
    assert there.told("id", list(RULER.names)) == back.told("id", list(RULER.names))


def test_parts_can_be_put_together_in_groups() -> None:
    a, b, c = (a_part(seed) for seed in range(3))

    left, right = a.followed_by(b).followed_by(c), a.followed_by(b.followed_by(c))

    assert_same((left.profile, left.keys), (right.profile, right.keys))
    assert left.reading == right.reading


def test_the_first_rows_are_those_of_the_first_part() -> None:
    parts = [a_part(seed, FEWEST_IN_A_HEAD) for seed in range(3)]

    for order in permutations(parts):
        assert_same((joined(list(order)).profile.heads,), (order[0].profile.heads,))


def test_what_is_wrong_with_one_part_is_wrong_with_the_partition() -> None:
    parts = [
        a_part(1, missing=("carrier",), nameless=2),
        a_part(2, unreadable=("part-1.parquet",)),
        a_part(3, missing=("distance",), mistyped={"carrier": "holds times"}, nameless=1),
    ]

    told = joined(parts).told("id", ["distance", "carrier"])

    assert (told.rows, told.nameless) == (300, 3)
    assert told.missing == ("distance", "carrier")
    assert told.mistyped == {"carrier": "holds times"}
    assert told.unreadable == ("part-1.parquet",)


def test_copies_across_parts_are_duplicates() -> None:
    part = a_part(1)

    told = part.followed_by(part).told("id", [])

    distinct = len(part.keys[0])
    assert (told.rows, told.duplicates) == (200, 200 - distinct)


@pytest.mark.parametrize("told", [{"missing": ("id",)}, {"mistyped": {"id": "is nested"}}])
def test_without_its_key_a_partition_has_no_duplicates(told: dict[str, Any]) -> None:
    part = a_part(1)

    told_of_both = part.followed_by(a_part(1, **told)).told("id", [])

    assert (told_of_both.duplicates, told_of_both.nameless) == (0, 0)


def test_a_part_survives_being_kept(tmp_path: Path) -> None:
    profiles = Profiles.of("2013-01-01", "profiles/flights/x", FolderObjects(tmp_path))
    part = a_part(1, missing=("carrier",), mistyped={"distance": "holds text"})
    one = ObjectInfo("flights/dt=2013-01-01/part-0.parquet", 1, "e1", NOON)
    rewritten = ObjectInfo(one.key, 1, "e2", NOON)

    kept = pack_part(part)
    profiles.keep(one, kept.header, kept.arrays)

    [(header, arrays)] = profiles.read([one])
    read = unpack_part(Packed(header, arrays), RULER, RULES)
    assert_same((read.profile, read.keys), (part.profile, part.keys))
    assert read.reading == part.reading
    assert list(read.tally.findings(read.reading)) == list(part.tally.findings(part.reading))
    assert profiles.lacking([one, rewritten]) == [rewritten]


def test_rows_that_break_written_rules_are_told_of_all_parts_together() -> None:
    parts = [a_part(seed) for seed in (1, 2, 3)]

    whole = joined(parts)

    read_at_once = RULES.anew()
    for seed in (1, 2, 3):
        read_at_once.take(rows_of(seed))
    reading = Reading(rows=300)
    assert len(list(read_at_once.findings(reading))) == 4
    assert list(whole.tally.findings(reading)) == list(read_at_once.findings(reading))


@dataclass(frozen=True)
class Grown:
    """A profile as somebody may have changed it."""

    rows: int
    share: float
    registers: Hashes
    pairs: tuple[tuple[Hashes, Counts], ...]
    inner: tuple[Floats, int]


@given(st.integers(0, 5), st.integers(0, 5))
def test_any_fields_survive_being_taken_apart(size: int, many: int) -> None:
    rng = np.random.default_rng(size)
    hashes = rng.integers(0, 2**64, size, dtype=np.uint64)
    pair = (hashes, np.arange(size, dtype=np.int64))
    was = Grown(size, 0.25, hashes.reshape(size, 1), (pair,) * many, (rng.normal(size=(2, 3)), 7))
    empty = Grown(0, 0.0, hashes, (pair,) * many, (np.zeros(0), 0))

    shapes, arrays = taken_apart(was)
    header, stored = unpacked(packed({"shapes": shapes}, arrays))
    again = put_together(empty, header["shapes"], stored)

    assert_same(again, was)
    assert (again.rows, again.share, again.inner[1]) == (was.rows, 0.25, 7)
    assert type(again.rows) is int
