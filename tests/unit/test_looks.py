import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.arrays import Block, Floats, NumberColumn, Sized, WordColumn
from functions.ml.checking.looks import Looks
from functions.ml.checking.reference import Day, Reference, learn, learn_from
from functions.ml.checking.ruler import NumberRuler, WordRuler

KINDS = {"x": "number", "w": "category"}
WORDS = ("AA", "UA", "zz top")


def rows_of(seed: int, rows: int) -> Sized:
    chance = np.random.default_rng(seed)
    values = np.where(chance.random(rows) < 0.1, np.nan, chance.normal(seed, 10, rows))
    codes = chance.integers(-1, len(WORDS), rows)
    return Sized({"x": NumberColumn(values), "w": WordColumn(codes, WORDS)}, rows)


def cut(part: Sized, at: int) -> Sized:
    """Cut it into blocks of one column each, in some of the rows."""
    x, w = part.batch["x"], part.batch["w"]
    assert isinstance(x, NumberColumn)
    assert isinstance(w, WordColumn)
    ends = [(0, at), (at, part.rows)]

    def blocks() -> list[Block]:
        return [
            *(Block(a, b - a, {"x": NumberColumn(x.values[a:b])}) for a, b in ends),
            *(Block(a, b - a, {"w": WordColumn(w.codes[a:b], WORDS)}) for a, b in ends),
        ]

    return Sized(part.batch, part.rows, lambda: iter(blocks()))


def learned(parts: dict[str, list[Sized]], most_values: int) -> Reference:
    looks = Looks(KINDS, most_values)
    for name, some in parts.items():
        for part in some:
            looks.take(name, part)
    return learn_from(looks, {name: Day(some, 0.0) for name, some in parts.items()})


def numbers_of(reference: Reference) -> NumberRuler:
    rule = reference.ruler.columns["x"]
    assert isinstance(rule, NumberRuler)
    return rule


def words_of(reference: Reference) -> WordRuler:
    rule = reference.ruler.columns["w"]
    assert isinstance(rule, WordRuler)
    return rule


@given(st.integers(0, 60), st.integers(1, 60))
def test_a_ruler_does_not_depend_on_how_rows_are_cut(at: int, rows: int) -> None:
    part = rows_of(7, rows)
    at = min(at, rows)

    whole = learned({"2026-01-01": [part]}, 1000)
    pieces = learned({"2026-01-01": [cut(part, at)]}, 1000)

    assert np.array_equal(numbers_of(whole).edges, numbers_of(pieces).edges)
    assert numbers_of(whole).unit == numbers_of(pieces).unit
    assert words_of(whole).words == words_of(pieces).words
    assert words_of(whole).shares == words_of(pieces).shares


def test_a_sample_of_many_rows_gives_nearly_the_ruler_of_all() -> None:
    parts = {f"2026-01-{day:02}": [rows_of(day, 20_000)] for day in range(1, 11)}

    sampled = learned(parts, 20_000)

    every = learn({name: Day(some, 0.0) for name, some in parts.items()}, KINDS)
    assert numbers_of(sampled).unit == pytest.approx(numbers_of(every).unit, rel=0.02)
    assert numbers_of(sampled).centre == pytest.approx(numbers_of(every).centre, abs=0.3)
    assert quantile(numbers_of(sampled).edges) == pytest.approx(
        quantile(numbers_of(every).edges), abs=0.5
    )
    assert words_of(sampled).words == words_of(every).words
    assert words_of(sampled).shares == words_of(every).shares


def quantile(edges: Floats) -> float:
    return float(np.median(edges))


def test_the_farthest_value_counts_though_its_row_is_not_in_the_sample() -> None:
    part = rows_of(7, 5000)
    values = part.batch["x"]
    assert isinstance(values, NumberColumn)
    values.values[1234] = 1e6
    values.values[2345] = np.nan

    reference = learned({"2026-01-01": [part], "2026-01-02": [rows_of(8, 5000)]}, 100)

    assert numbers_of(reference).edges.max() >= 1e6
    assert numbers_of(reference).had_nulls


def test_no_more_numbers_are_held_than_were_allowed() -> None:
    looks = Looks(KINDS, 1000)

    for day in range(1, 21):
        looks.take(f"2026-01-{day:02}", rows_of(day, 700))

    held = sum(
        len(values)
        for look in looks._looks.values()  # noqa: SLF001 - nobody else can see them
        for values in look.numbers["x"]
    )
    assert 200 <= held <= 1100


def test_a_partition_that_is_forgotten_says_nothing() -> None:
    looks = Looks(KINDS)
    looks.take("2026-01-01", rows_of(1, 300))
    looks.take("2026-01-02", rows_of(400, 300))

    looks.forget("2026-01-02")

    alone = learned({"2026-01-01": [rows_of(1, 300)]}, 1000)
    ruler = looks.ruler(["2026-01-01"], {"x"})
    rule = ruler.columns["x"]
    assert isinstance(rule, NumberRuler)
    assert np.array_equal(rule.edges, numbers_of(alone).edges)
    assert rule.is_sensitive


def test_words_that_no_other_partition_has_are_new_in_it() -> None:
    looks = Looks(KINDS)
    for name, words in (("a", ("x", "y")), ("b", ("y", "z"))):
        codes = np.array([0, 0, 1, -1])
        looks.take(name, Sized({"x": NumberColumn(np.zeros(4)), "w": WordColumn(codes, words)}, 4))

    assert looks.new(["a", "b"]).tolist() == [[0, 2], [0, 1]]
    assert looks.new(["a"]).tolist() == [[0, 3]]
