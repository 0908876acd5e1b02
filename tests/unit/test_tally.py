from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.finding import Finding
from core.domain.reading import Reading
from core.domain.verdict import ErrorClass
from functions.arrays import Sized
from functions.data.arrow_batch import take_batch
from functions.ml.checking.tally import Tally
from tests.builders import a_config, a_rule

KINDS = {"distance": "number", "carrier": "category"}
numbers = st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=60)
words = st.lists(st.none() | st.text("abcd", max_size=2), min_size=1, max_size=60)
cuts = st.integers(1, 20)


def counted(
    data: Mapping[str, Sequence[Any] | pa.Array],
    *rules: Mapping[str, Any],
    cut: int = 1000,
    **reading: Any,
) -> list[Finding]:
    """Let a partition pass in batches of `cut` rows; returns what is broken."""
    sensitive = reading.pop("sensitive", ())
    stated = [a_rule(**rule).model_dump() for rule in rules]
    columns = {"distance": {"type": "number", "unit": "mi"}, "carrier": {"type": "category"}}
    config = a_config(columns=columns, sensitive=sensitive, constraints=stated)
    tally = Tally(config, config.constraints)
    table = pa.table(data)
    for start in range(0, table.num_rows, cut):
        part = table.slice(start, cut)
        tally.take(Sized(take_batch(part, KINDS, frozenset(sensitive)).batch, part.num_rows))  # type: ignore[arg-type]  # literals
    return list(tally.findings(Reading(rows=table.num_rows, **reading)))


def broken_rows(found: list[Finding]) -> int:
    """Read the number that the sentence begins with; 0 when nothing is broken."""
    if not found:
        return 0
    [one] = found
    return int(one.sentence.split(": ")[1].split(" row")[0].replace(",", ""))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"at_most": 6000}, "2 rows (50 %) above 6,000 mi, up to 9,000 mi"),
        ({"at_least": 6000.5}, "1 row (25 %) below 6,000.5 mi, down to 100 mi"),
        ({"never_null": True}, "1 row (25 %) missing"),
        ({"share_of_nulls_at_most": 0.2}, "1 row (25 %) missing, at most 20 % may be"),
        ({"one_of": [100, 7000]}, "1 row (25 %) not one of `100`, `7000`, such as 9,000 mi"),
        (
            {"column": "carrier", "one_of": ["AA"]},
            "1 row (25 %) not one of `AA`, such as `XX`",
        ),
        ({"column": "carrier", "unique": True}, "1 row (25 %) with a value that stood before"),
        ({"column": "carrier", "never_null": True}, "1 row (25 %) missing"),
    ],
)
@pytest.mark.parametrize("cut", [1, 3, 4])
def test_a_broken_rule_says_what_was_seen_and_who_wrote_it(
    rule: dict[str, Any], said: str, cut: int
) -> None:
    data = {"distance": [100.0, 9000.0, None, 7000.0], "carrier": ["AA", "XX", "AA", None]}

    [found] = counted(data, rule, cut=cut)

    column = rule.get("column", "distance")
    assert found.sentence == f"`{column}`: {said}; <@U0ADA> wrote: no flight is longer"
    assert (found.error_class, found.rule_of) == (ErrorClass.HARD, "U0ADA")


@pytest.mark.parametrize(
    "rule",
    [
        {"at_most": 9000},
        {"at_least": 100},
        {"share_of_nulls_at_most": 0.25},
        {"one_of": [100, 7000, 9000]},
        {"column": "carrier", "one_of": ["AA", "XX"]},
        {"column": None, "rows_at_least": 4},
    ],
)
def test_a_limit_that_is_exactly_reached_is_kept(rule: dict[str, Any]) -> None:
    data = {"distance": [100.0, 9000.0, None, 7000.0], "carrier": ["AA", "XX", "AA", None]}

    assert counted(data, rule) == []


def test_too_few_rows_are_said_of_the_partition() -> None:
    [found] = counted({"distance": [1.0]}, {"column": None, "rows_at_least": 1000})

    assert found.sentence == (
        "1 row, at least 1,000 must come; <@U0ADA> wrote: no flight is longer"
    )
    assert found.error_class is ErrorClass.HARD


def test_of_the_key_what_reading_told_is_judged() -> None:
    data = {"distance": [1.0] * 10}
    rules: list[dict[str, Any]]
    rules = [{"column": "flight_id", "unique": True}, {"column": "flight_id", "never_null": True}]

    twice, nameless = counted(data, *rules, duplicates=3, nameless=1)
    assert "3 rows (30 %) with a value that stood before" in twice.sentence
    assert "1 row (10 %) missing" in nameless.sentence
    assert counted(data, *rules) == []
    assert counted(data, *rules, duplicates=3, missing=("flight_id",)) == []


def test_a_sensitive_column_shows_neither_its_values_nor_its_limits() -> None:
    data = {"distance": [1234.0, 9876.0], "carrier": ["AA", "Secret"]}
    rules: list[dict[str, Any]]
    rules = [{"at_most": 5555}, {"column": "carrier", "one_of": ["AA"]}]

    found = counted(data, *rules, sensitive=("distance", "carrier"))

    assert [f.sentence.split(";")[0] for f in found] == [
        "`distance`: 1 row (50 %) break `at_most`",
        "`carrier`: 1 row (50 %) break `one_of`",
    ]


def test_a_column_that_some_rows_lack_as_a_whole_is_not_judged_twice() -> None:
    rules: list[dict[str, Any]]
    rules = [{"at_most": 10}, {"never_null": True}]

    assert counted({"carrier": ["AA"]}, *rules, missing=("distance",)) == []


def test_nothing_is_said_of_what_could_not_be_read() -> None:
    assert counted({"distance": [9e9]}, {"at_most": 1}, unreadable=("part-0.parquet",)) == []


def test_a_value_that_would_break_the_sentence_is_shown_harmless() -> None:
    [found] = counted({"carrier": ["a`b\n" + "c" * 99]}, {"column": "carrier", "one_of": ["x"]})

    assert "such as `a'b ccc" in found.sentence
    assert "\n" not in found.sentence
    assert len(found.sentence) < 160


@given(numbers, st.floats(-1e6, 1e6), cuts)
def test_rows_beyond_a_limit_are_counted_exactly(
    values: list[float | None], limit: float, cut: int
) -> None:
    above = counted({"distance": pa.array(values, pa.float64())}, {"at_most": limit}, cut=cut)
    below = counted({"distance": pa.array(values, pa.float64())}, {"at_least": limit}, cut=cut)

    filled = [value for value in values if value is not None]
    assert broken_rows(above) == sum(value > limit for value in filled)
    assert broken_rows(below) == sum(value < limit for value in filled)


@given(numbers, cuts)
def test_missing_numbers_are_counted_exactly(values: list[float | None], cut: int) -> None:
    found = counted({"distance": pa.array(values, pa.float64())}, {"never_null": True}, cut=cut)

    assert broken_rows(found) == values.count(None)


@given(words, cuts, st.booleans())
def test_words_are_counted_exactly_sensitive_or_not(
    values: list[str | None],
    cut: int,
    is_sensitive: bool,  # noqa: FBT001 - drawn
) -> None:
    data = {"carrier": pa.array(values, pa.string())}
    sensitive = ("carrier",) if is_sensitive else ()
    rules: list[dict[str, Any]] = [{"one_of": ["a", "bb"]}, {"unique": True}, {"never_null": True}]

    one_of, unique, nulls = (
        broken_rows(counted(data, {"column": "carrier", **rule}, cut=cut, sensitive=sensitive))
        for rule in rules
    )

    filled = [value for value in values if value is not None]
    assert one_of == sum(value not in {"a", "bb"} for value in filled)
    assert unique == len(filled) - len(set(filled))
    assert nulls == values.count(None)


def test_batches_reach_whoever_takes_them_next_unchanged() -> None:
    taken: list[Sized] = []
    config = a_config(constraints=[a_rule(at_most=1).model_dump()])
    tally = Tally(config, config.constraints)
    batch = take_batch(pa.table({"distance": [3.0, 1.0, 2.0]}), {"distance": "number"}).batch

    tally.before(taken.append)(Sized(batch, 3))

    batch = taken[0].held().batch
    assert list(batch) == ["distance"]
    assert np.array_equal(batch["distance"].values, [3.0, 1.0, 2.0])  # type: ignore[union-attr]  # numbers
    assert len(list(tally.findings(Reading(rows=3)))) == 1
