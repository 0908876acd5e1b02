from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.finding import PLAINLY, ROWS, Finding, Kind
from core.domain.judge import judge
from core.domain.origin import Nature, Origin
from core.domain.playbook import next_step
from core.domain.verdict import Basis, ErrorClass, Severity
from core.domain.wording import number, numbers, percent, percents

kinds = st.sampled_from(list(Kind))
findings = st.lists(
    st.builds(
        Finding,
        column=st.sampled_from(["a", "b", "c"]),
        kind=kinds,
        score=st.floats(0, 1000),
        seen=st.floats(0, 1),
        usual=st.just((0.1, 0.2)),
    )
)


def a_finding(**changes: object) -> Finding:
    stated = {"column": "air_time", "kind": Kind.ZEROS, "score": 2.0, "seen": 0.23}
    return Finding.model_validate({**stated, "usual": (0.0, 0.001), **changes})


def test_a_limit_that_is_exactly_reached_counts_as_broken() -> None:
    assert judge([a_finding(score=1.0)], Basis.REFERENCE).is_broken
    assert not judge([a_finding(score=0.9999)], Basis.REFERENCE).is_broken


def test_the_sentence_says_what_was_seen_and_what_is_usual() -> None:
    [blame] = judge([a_finding()], Basis.REFERENCE).blamed

    assert blame.sentence == "`air_time`: 23 % zeros, usually 0.0\N{EN DASH}0.1 %"
    assert blame.error_class is ErrorClass.SOFT


def test_columns_are_blamed_worst_first_and_each_once() -> None:
    found = [
        a_finding(column="b", score=3.0),
        a_finding(column="a", score=3.0),
        a_finding(column="c", score=9.0),
        a_finding(column="c", score=4.0, kind=Kind.NULLS),
    ]

    for order in permutations(found):
        verdict = judge(order, Basis.REFERENCE)
        assert [blame.column for blame in verdict.blamed] == ["c", "a", "b"]
        assert verdict.sentence.endswith("(and 2 more)")


def test_copies_of_rows_are_blamed_behind_columns_that_are_broken_themselves() -> None:
    copies = a_finding(column="flight_id", kind=Kind.DUPLICATES, score=9.0)

    both = judge([copies, a_finding(score=2.0)], Basis.REFERENCE)
    alone = judge([copies, a_finding(score=0.5)], Basis.REFERENCE)

    assert [blame.column for blame in both.blamed] == ["air_time", "flight_id"]
    assert both.score == 9.0
    assert alone.blamed[0].column == "flight_id"


@given(findings, st.randoms())
def test_the_order_of_findings_does_not_matter(found: list[Finding], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's own Random

    assert judge(found, Basis.REFERENCE) == judge(shuffled, Basis.REFERENCE)


@given(findings)
def test_a_verdict_is_broken_exactly_when_a_score_reaches_its_limit(found: list[Finding]) -> None:
    verdict = judge(found, Basis.REFERENCE)

    assert verdict.is_broken == any(finding.score >= 1 for finding in found)
    assert verdict.is_broken == (verdict.error_class is not None)
    assert verdict.is_broken == (verdict.severity is not Severity.OK)


def test_the_worst_class_decides_the_severity() -> None:
    hard = a_finding(column="x", kind=Kind.MISSING, score=PLAINLY)

    assert judge([a_finding(), hard], Basis.REFERENCE).severity is Severity.PAGE
    assert judge([a_finding()], Basis.REFERENCE).severity is Severity.WARN


@pytest.mark.parametrize(
    ("finding", "error_class"),
    [
        (a_finding(kind=Kind.NULLS, seen=0.05), ErrorClass.SOFT),
        (a_finding(kind=Kind.NULLS, seen=0.9), ErrorClass.HARD),
        (a_finding(kind=Kind.NULLS, seen=0.0, usual=(0.5, 0.9)), ErrorClass.DRIFT),
        (a_finding(kind=Kind.NEGATIVE, usual=(0.0, 0.0)), ErrorClass.HARD),
        (a_finding(kind=Kind.NEGATIVE, usual=(0.0, 0.0), is_near=True), ErrorClass.SOFT),
        (a_finding(kind=Kind.NEGATIVE), ErrorClass.SOFT),
        (a_finding(kind=Kind.PEAK, seen=1.0, usual=(0.1, 0.2)), ErrorClass.HARD),
        (a_finding(kind=Kind.PEAK, seen=0.8, usual=(0.1, 0.2)), ErrorClass.DRIFT),
        (a_finding(kind=Kind.UNSEEN, seen=0.2, usual=(0.0, 0.01)), ErrorClass.HARD),
        (a_finding(kind=Kind.ROWS, column=ROWS, seen=400, usual=(890, 930)), ErrorClass.HARD),
        (a_finding(kind=Kind.ROWS, column=ROWS, seen=800, usual=(890, 930)), ErrorClass.SOFT),
        (a_finding(kind=Kind.ROWS, column=ROWS, seen=1800, usual=(890, 930)), ErrorClass.DRIFT),
        (a_finding(kind=Kind.MEAN, seen=3.0, usual=(1, 2)), ErrorClass.DRIFT),
        (a_finding(kind=Kind.SHAPE), ErrorClass.DRIFT),
    ],
)
def test_each_finding_has_its_class(finding: Finding, error_class: ErrorClass) -> None:
    assert finding.error_class is error_class


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        (a_finding(kind=Kind.MISSING), "`air_time` is missing"),
        (a_finding(kind=Kind.EMPTY, column=ROWS), "The partition has no rows"),
        (
            a_finding(kind=Kind.UNREADABLE, where="part-0.parquet"),
            "`part-0.parquet` cannot be read as Parquet",
        ),
        (
            a_finding(kind=Kind.UNREADABLE, where="part-0.csv.gz"),
            "`part-0.csv.gz` cannot be read as CSV",
        ),
        (
            a_finding(kind=Kind.MISSING, where="air`time"),
            "`air_time` is missing; `air'time` looks like it",
        ),
        (
            a_finding(kind=Kind.TYPE, where="holds text, a number is expected"),
            "`air_time` holds text, a number is expected",
        ),
        (
            a_finding(kind=Kind.ROWS, column=ROWS, seen=400, usual=(890, 930)),
            "400 rows, usually 890\N{EN DASH}930",
        ),
        (
            a_finding(kind=Kind.MEAN, seen=-2.0, usual=(16.2, 52.4), unit="°F"),
            "`air_time`: mean \N{MINUS SIGN}2 °F, usually 16.2\N{EN DASH}52.4 °F",
        ),
        (
            a_finding(kind=Kind.SHAPE, seen=0.4, usual=(0.15, 0.18), where="`UA`"),
            "`air_time`: 40 % `UA`, usually 15\N{EN DASH}18 %",
        ),
        (
            a_finding(kind=Kind.PEAK, seen=1.0, usual=(0.05, 0.1)),
            "`air_time`: 100 % hold much the same value, usually 5.0\N{EN DASH}10 %",
        ),
        (
            a_finding(kind=Kind.DISTINCT, seen=12.0, usual=(300, 310), unit="mi"),
            "`air_time`: 12 distinct values, usually 300\N{EN DASH}310",
        ),
        (
            a_finding(kind=Kind.QUANTILE, seen=9.0, usual=(3, 4), unit="mi", where="median"),
            "`air_time`: median 9 mi, usually 3\N{EN DASH}4 mi",
        ),
        (
            a_finding(kind=Kind.COPY, column=ROWS),
            "The partition is a copy of an earlier one",
        ),
        (a_finding(kind=Kind.COPY), "`air_time`: holds again what an earlier partition held"),
        (
            a_finding(kind=Kind.RELATION),
            "`air_time`: does not go with the other columns as it used to",
        ),
        (
            a_finding(kind=Kind.MINUS_ONES, usual=(0.0, 0.0)),
            "`air_time`: 23 % are \N{MINUS SIGN}1, never before",
        ),
        (
            a_finding(kind=Kind.RANGE, seen=0.02, usual=None, where="1,048 mph"),
            "`air_time`: 2.0 % (1,048 mph) far outside everything seen before",
        ),
    ],
)
def test_each_finding_is_a_sentence(finding: Finding, sentence: str) -> None:
    assert finding.sentence == sentence


def test_that_a_column_moved_is_told_rather_than_that_it_left_the_others() -> None:
    relation = a_finding(kind=Kind.RELATION, score=9.0)
    mean = a_finding(kind=Kind.MEAN, score=2.0, seen=5.0, usual=(1, 2))

    [blame] = judge([relation, mean], Basis.REFERENCE).blamed

    assert blame.sentence.startswith("`air_time`: mean 5")
    assert blame.score == 9.0


def test_a_column_that_cannot_be_used_is_told_so_however_far_it_moved_besides() -> None:
    negative = a_finding(kind=Kind.NEGATIVE, score=2.0, seen=1.0, usual=(0.0, 0.0))
    mean = a_finding(kind=Kind.MEAN, score=9.0, seen=-5.0, usual=(1, 2))

    for order in permutations([negative, mean]):
        [blame] = judge(order, Basis.REFERENCE).blamed

        assert (blame.error_class, blame.score) == (ErrorClass.HARD, 9.0)
        assert blame.sentence == "`air_time`: 100 % negative, never before"


@pytest.mark.parametrize(
    "kind", [Kind.MEAN, Kind.SPREAD, Kind.LOW, Kind.LENGTH, Kind.SHAPE, Kind.RANGE]
)
def test_no_value_of_a_sensitive_column_stands_in_a_sentence(kind: Kind) -> None:
    secret = a_finding(kind=kind, seen=0.4321, usual=(0.1, 0.2), where="`7654`", is_sensitive=True)

    assert "7654" not in secret.sentence
    if kind not in {Kind.SHAPE, Kind.RANGE}:
        assert "0.43" not in secret.sentence


@pytest.mark.parametrize("error_class", list(ErrorClass))
def test_each_class_has_a_next_step(error_class: ErrorClass) -> None:
    by_class = {
        ErrorClass.HARD: a_finding(kind=Kind.MISSING),
        ErrorClass.SOFT: a_finding(),
        ErrorClass.DRIFT: a_finding(kind=Kind.SHAPE),
    }

    assert "`air_time`" in next_step(judge([by_class[error_class]], Basis.REFERENCE))


@pytest.mark.parametrize(
    ("nature", "first"), [(Nature.NATURAL, "The world seems"), (Nature.UNNATURAL, "Ask the owner")]
)
def test_drift_of_either_nature_has_its_own_next_step(nature: Nature, first: str) -> None:
    moved = judge([a_finding(kind=Kind.SHAPE)], Basis.REFERENCE)

    step = next_step(moved, Origin(nature=nature, why="it moved"))

    assert step.startswith(first)
    assert "`air_time`" in step
    assert step != next_step(moved)


@pytest.mark.parametrize("basis", list(Basis))
def test_a_verdict_that_blames_nothing_says_what_it_rests_on(basis: Basis) -> None:
    verdict = judge([], basis)

    assert (verdict.severity, verdict.score) == (Severity.OK, 0.0)
    assert verdict.sentence.endswith(".")
    assert next_step(verdict) == "Nothing is left to do; resolve it."


def test_what_is_new_is_told_beside_the_rest_and_weighs_nothing() -> None:
    fine = judge([], Basis.REFERENCE, ("gate",))
    broken = judge([a_finding(kind=Kind.MISSING)], Basis.REFERENCE, ("gate", "stand"))

    assert (fine.is_broken, fine.sentence) == (False, "Nothing unusual. New: `gate`.")
    assert broken.sentence == "`air_time` is missing; new: `gate`, `stand`"


def test_a_new_column_that_looks_like_a_missing_one_is_told_once() -> None:
    renamed = a_finding(kind=Kind.MISSING, where="gate")

    assert judge([renamed], Basis.REFERENCE, ("gate", "stand")).added == ("stand",)


def test_numbers_are_short() -> None:
    assert [percent(x) for x in (0, 0.0001, 0.012, 0.5, 1)] == [
        "0.0 %",
        "<0.1 %",
        "1.2 %",
        "50 %",
        "100 %",
    ]
    assert percents((0.25, 0.25)) == "25 %"
    assert [number(x) for x in (0.0, 1048.36, 0.01234, float("inf"))] == [
        "0",
        "1,048",
        "0.0123",
        "inf",
    ]
    assert numbers((-3.5, 2.0), "°F") == "\N{MINUS SIGN}3.5 to 2 °F"
    assert numbers((4.0, 4.0)) == "4"
