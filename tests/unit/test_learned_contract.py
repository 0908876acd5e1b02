from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.contract import Promise
from core.domain.verdict import ErrorClass
from functions.arrays import NumberColumn, Sized, WordColumn
from functions.ml.checking.compare import Measured
from functions.ml.checking.contract import (
    Held,
    breaks_of,
    finding_of,
    learn_promises,
    learned_columns,
)
from functions.ml.checking.examine import About
from functions.ml.checking.reference import Day, Reference, closed, learn

ROWS = 200
ABOUT = About("id", {"x": "mi"}, frozenset())


def a_day(seed: int, *, missing: int = 0, negative: int = 0, twice: float = 0.0) -> Day:
    """Make a day of whole numbers from 1 on and of words; the first rows are spoilt."""
    rng = np.random.default_rng(seed)
    values = rng.integers(1, 50, ROWS).astype(np.float64)
    values[:negative] *= -1
    values[:missing] = np.nan
    words = WordColumn(rng.integers(0, 3, ROWS), ["a", "b", "c"])
    return Day([Sized({"x": NumberColumn(values), "w": words}, ROWS)], twice)


def learned_from(*days: Day) -> Reference:
    named = {f"2013-01-{number + 1:02}": day for number, day in enumerate(days)}
    return learn(named, {"x": "number", "w": "category"})


GOOD = [a_day(seed) for seed in range(14)]


def measured(reference: Reference, day: Day) -> Measured:
    current = closed(day, reference.ruler, reference.known).summary
    return Measured.of(reference.summaries, current, reference.ruler)


def test_what_no_row_broke_is_promised() -> None:
    kept = learn_promises(learned_from(*GOOD), "id").kept

    assert {promise for column, promise in kept if column == "x"} == {
        Promise.FILLED,
        Promise.NOT_NEGATIVE,
        Promise.NOT_ZERO,
        Promise.NOT_MINUS_ONE,
        Promise.WHOLE,
    }
    assert ("w", Promise.FILLED) in kept
    assert ("id", Promise.ONCE) in kept


def test_few_partitions_promise_nothing() -> None:
    assert learn_promises(learned_from(*GOOD[:9]), "id").kept == set()


def test_a_column_without_values_promises_nothing_about_them() -> None:
    kept = learn_promises(learned_from(*(a_day(n, missing=ROWS) for n in range(14))), "id").kept

    assert {promise for column, promise in kept if column == "x"} == set()


def test_single_rows_break_no_promise_and_leave_none_to_be_made() -> None:
    found = learn_promises(learned_from(*GOOD, a_day(99, missing=2)), "id")

    assert ("x", Promise.FILLED) not in found.kept
    assert found.breaks == {}


def test_what_more_rows_broke_is_told_with_their_share() -> None:
    found = learn_promises(learned_from(*GOOD, a_day(99, missing=10, twice=0.1)), "id")

    assert set(found.breaks) == {("x", Promise.FILLED), ("id", Promise.ONCE)}
    assert np.flatnonzero(found.breaks["x", Promise.FILLED]).tolist() == [14]
    assert found.breaks["x", Promise.FILLED].max() == pytest.approx(0.05)


def test_what_is_usual_is_the_range_and_how_many_words_are_known() -> None:
    numbers, words, key = learned_columns(learned_from(*GOOD), {"x": "mi"}, "id")

    assert (numbers.column, numbers.type, numbers.usual, numbers.unit) == (
        "x",
        "number",
        (1.0, 49.0),
        "mi",
    )
    assert (words.type, words.categories, words.usual) == ("category", 3, None)
    assert (key.column, key.type) == ("id", "key")


def test_a_key_that_is_a_feature_too_stands_there_once() -> None:
    reference = learned_from(*GOOD)

    assert [of.column for of in learned_columns(reference, {}, "w")] == ["x", "w"]
    assert ("w", Promise.ONCE) in learn_promises(reference, "w").kept


def test_a_sensitive_column_shows_no_range() -> None:
    named = {f"2013-01-{number + 1:02}": day for number, day in enumerate(GOOD)}
    reference = learn(named, {"x": "number"}, frozenset({"x"}))

    assert learned_columns(reference, {}, "id")[0].usual is None


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_promise_is_broken_by_so_many_rows_whatever_history_says(now: int, before: int) -> None:
    reference = learned_from(*GOOD, a_day(50, missing=before))
    behind = measured(reference, a_day(60, missing=now))

    found = list(breaks_of({("x", Promise.FILLED)}, behind, "id"))

    assert bool(found) == (now / ROWS >= 3 / ROWS)
    for broken in found:
        assert broken.share == pytest.approx(now / ROWS)
        assert broken.before == ((14,) if before >= 3 else ())
        assert broken.was_there == bool(before)


def test_only_what_is_promised_can_be_broken() -> None:
    spoilt = measured(learned_from(*GOOD), a_day(60, missing=50, negative=100, twice=0.5))
    promises = {("x", Promise.NOT_NEGATIVE), ("id", Promise.ONCE)}

    assert {broken.promised for broken in breaks_of(promises, spoilt, "id")} == promises
    assert list(breaks_of(set(), spoilt, "id")) == []


def test_what_a_person_let_pass_is_not_held_against_what_comes_later() -> None:
    behind = measured(learned_from(*GOOD, a_day(50, missing=20)), a_day(60, missing=20))
    asked: list[tuple[str, tuple[int, ...]]] = []

    def let_pass(column: str, places: Sequence[int]) -> bool:
        asked.append((column, tuple(places)))
        return True

    promises = {("x", Promise.FILLED)}
    assert list(Held(promises, let_pass).findings(behind, ABOUT)) == []
    assert asked == [("x", (14,))]
    assert len(list(Held(promises).findings(behind, ABOUT))) == 1


def test_the_finding_says_whether_it_was_never_there_or_is_ruled_out() -> None:
    promises = {("x", Promise.NOT_NEGATIVE)}

    def said(reference: Reference) -> tuple[str, ErrorClass]:
        [broken] = breaks_of(promises, measured(reference, a_day(60, negative=20)), "id")
        finding = finding_of(broken, ABOUT)
        return finding.sentence, finding.error_class

    assert said(learned_from(*GOOD)) == ("`x`: 10 % negative, never before", ErrorClass.HARD)
    assert said(learned_from(*GOOD, a_day(50, negative=1))) == (
        "`x`: 10 % negative, which the contract rules out",
        ErrorClass.HARD,
    )
