from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.partition import days_before, weekdays_of
from functions.arrays import Batch, Floats, NumberColumn, Sized, WordColumn
from functions.flows.checking.leave_out import learn_without_spoiled
from functions.ml.checking.looks import most_spoiled
from functions.ml.checking.reference import Closed, Day, Reference, closed, learn
from functions.ml.checking.standing_out import standing_out
from tests.builders import a_config

ROWS = 200
DAYS = 30
NAMES = tuple(days_before("2013-01-01", -ahead) for ahead in range(DAYS))
KINDS = {"distance": "number", "carrier": "category"}

Columns = tuple[Floats, Sequence[str]]
Spoil = Callable[[Columns], Columns]


def columns(seed: int) -> Columns:
    rng = np.random.default_rng(seed)
    words = ("AA", "B6", "UA")
    return (
        rng.integers(100, 3000, ROWS).astype(np.float64),
        [words[at] for at in rng.integers(0, 3, ROWS)],
    )


def a_day(of: Columns) -> Day:
    numbers, words = of
    different = sorted(set(words) - {""})
    codes = np.array([different.index(word) if word else -1 for word in words])
    batch: Batch = {"distance": NumberColumn(numbers), "carrier": WordColumn(codes, different)}
    return Day([Sized(batch, len(numbers))], 0.0)


def some_set_to(value: float, share: float) -> Spoil:
    def spoil(of: Columns) -> Columns:
        numbers = of[0].copy()
        numbers[: int(share * ROWS)] = value
        return numbers, of[1]

    return spoil


ERRORS: Mapping[str, Spoil] = {
    "sentinels": some_set_to(-1, 0.2),
    "missing": some_set_to(np.nan, 0.2),
    "all missing": some_set_to(np.nan, 1),
    "zeros": some_set_to(0, 0.1),
    "another unit": lambda of: (of[0] * 1000, of[1]),
    "fractions": lambda of: (of[0] * 1.609, of[1]),
    "a lost sign": lambda of: (-of[0], of[1]),
    "one value": lambda of: (of[0], ["AA"] * ROWS),
    "blanks": lambda of: (of[0], [f"{word} " for word in of[1]]),
    "cut off": lambda of: (of[0][: ROWS // 3], of[1][: ROWS // 3]),
    "a copy": lambda _: columns(1),
}
MOVED: Mapping[str, Spoil] = {
    "farther": lambda of: (of[0] + 500, of[1]),
    "narrower": lambda of: ((of[0] // 2) + 800, of[1]),
    "more of one": lambda of: (of[0], ["AA" if at % 2 else w for at, w in enumerate(of[1])]),
}


class InMemory:
    """The partitions of a window; counts how often one is read."""

    def __init__(self, spoiled: Mapping[int, Spoil], days: int = DAYS) -> None:
        nothing: Spoil = lambda of: of  # noqa: E731 - what most days go through
        self.days = {NAMES[at]: a_day(spoiled.get(at, nothing)(columns(at))) for at in range(days)}
        self.reads = 0

    def learned_from(self, partitions: Sequence[str]) -> Reference:
        self.reads += len(partitions)
        return learn({name: self.days[name] for name in partitions}, KINDS)

    def closed_on(self, reference: Reference, partition: str) -> Closed:
        self.reads += 1
        return closed(self.days[partition], reference.ruler, reference.known)


def left_out(window: InMemory, judged: Sequence[str] = ()) -> list[str]:
    found = learn_without_spoiled(a_config(), window, list(window.days), judged)
    return sorted(found.left_out)


def is_same(one: Reference, other: Reference) -> bool:
    return one.partitions == other.partitions and all(
        np.array_equal(getattr(one.summaries, name), getattr(other.summaries, name), equal_nan=True)
        for name in ("facts", "counts", "lows", "highs", "products", "new")
    )


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("at", [2, 17, 29])
def test_what_is_learned_is_as_if_a_spoiled_day_had_never_been_there(error: str, at: int) -> None:
    window = InMemory({at: ERRORS[error]})
    others = [name for name in NAMES if name != NAMES[at]]

    found = learn_without_spoiled(a_config(), window, NAMES)

    assert list(found.left_out) == [NAMES[at]]
    assert is_same(found.reference, window.learned_from(others))


@settings(max_examples=5)
@given(
    st.lists(st.integers(2, DAYS - 3), min_size=2, max_size=4, unique_by=lambda at: at % 7),
    st.data(),
)
def test_several_spoiled_days_hide_neither_each_other_nor_a_clean_one(
    places: list[int], data: st.DataObject
) -> None:
    errors = {at: data.draw(st.sampled_from(sorted(ERRORS))) for at in places}
    window = InMemory({at: ERRORS[error] for at, error in errors.items()})

    out = left_out(window)

    assert out == [NAMES[at] for at in sorted(errors)]


@settings(max_examples=10)
@given(st.integers(2, DAYS - 1), st.sampled_from(sorted(MOVED)))
def test_what_only_moved_is_learned_from(at: int, how: str) -> None:
    assert not left_out(InMemory({at: MOVED[how]}))


def test_of_a_clean_window_no_day_is_read_once_more() -> None:
    window = InMemory({})

    assert not left_out(window)
    assert window.reads == DAYS


def test_the_error_is_said_in_the_words_of_a_finding() -> None:
    found = learn_without_spoiled(a_config(), InMemory({8: ERRORS["sentinels"]}), NAMES)

    [spoiled] = found.left_out.values()
    assert spoiled.rows == ROWS
    assert spoiled.verdict.sentence == "`distance`: 20 % negative, never before"


def test_what_was_judged_before_stays() -> None:
    window = InMemory({8: ERRORS["sentinels"]})

    assert not left_out(window, judged=[NAMES[8]])


@pytest.mark.parametrize("error", ["sentinels", "another unit", "one value"])
@pytest.mark.parametrize("since", [DAYS - 2, DAYS - 4, DAYS - 12])
def test_what_goes_on_until_the_end_may_be_the_new_normal(error: str, since: int) -> None:
    assert not left_out(InMemory(dict.fromkeys(range(since, DAYS), ERRORS[error])))


def test_what_comes_each_weekend_is_a_habit() -> None:
    weekends = [at for at, day in enumerate(weekdays_of(NAMES) or ()) if day >= 5]

    assert not left_out(InMemory(dict.fromkeys(weekends, ERRORS["zeros"])))
    assert not left_out(InMemory(dict.fromkeys(weekends, ERRORS["cut off"])))


def test_what_many_days_show_is_how_the_table_is() -> None:
    some = range(1, DAYS, DAYS // (most_spoiled(DAYS) + 2))

    assert not left_out(InMemory(dict.fromkeys(some, ERRORS["missing"])))


def test_never_more_than_a_small_share_is_left_out() -> None:
    kinds = [ERRORS[name] for name in ("sentinels", "missing", "blanks", "one value")]
    window = InMemory({at: kinds[at % 4] for at in range(3, 3 + 2 * 7, 2)})

    assert len(left_out(window)) <= most_spoiled(DAYS)


def test_of_too_few_days_none_is_left_out() -> None:
    assert not left_out(InMemory({3: ERRORS["missing"]}, days=10))


@given(st.permutations(range(DAYS)))
@settings(max_examples=5)
def test_where_partitions_are_no_days_their_order_does_not_say_which_stand_out(
    order: list[int],
) -> None:
    window = InMemory({8: ERRORS["missing"]}).learned_from(NAMES)
    order = [*(at for at in order if at != 8), 8]

    [place] = standing_out(window.summaries[order], window.ruler, None)

    assert order[place] == 8
