import numpy as np

from functions.arrays import Floats, NumberColumn
from functions.ml.checking.profile import profile_batch
from functions.ml.checking.repeats import is_repeated, repeated_columns
from functions.ml.checking.ruler import Ruler, rule_numbers
from functions.ml.checking.summary import Summary, close

RULER = Ruler.of({name: rule_numbers(np.arange(9.0), had_nulls=False) for name in ("a", "b")})
RNG = np.random.default_rng(1)


def summary(a: Floats, b: Floats) -> Summary:
    batch = {"a": NumberColumn(a), "b": NumberColumn(b)}
    return close(profile_batch(batch, len(a), RULER), [np.zeros(0, np.uint64)] * 2)


DAYS = [(RNG.normal(size=300), RNG.normal(size=300)) for _ in range(12)]
HISTORY = Summary.stack([summary(*day) for day in DAYS])


def test_a_partition_like_no_other_repeats_nothing() -> None:
    current = summary(RNG.normal(size=300), RNG.normal(size=300))

    assert not is_repeated(HISTORY, current)
    assert not repeated_columns(HISTORY.followed_by(current)).any()


def test_the_same_rows_in_another_order_are_a_copy() -> None:
    order = RNG.permutation(300)
    a, b = DAYS[-2]

    assert is_repeated(HISTORY, summary(a[order], b[order]))


def test_a_column_that_stayed_where_it_was_is_found_in_fewer_rows_too() -> None:
    stale, _ = DAYS[-1]

    assert repeated_columns(HISTORY.followed_by(summary(stale, RNG.normal(size=300)))).tolist() == [
        True,
        False,
    ]
    shorter = summary(stale[:280], RNG.normal(size=280))
    assert repeated_columns(HISTORY.followed_by(shorter)).tolist() == [True, False]


def test_where_repeating_is_usual_it_says_nothing() -> None:
    schedule = RNG.normal(size=300)
    repeating = Summary.stack([summary(schedule, b) for _, b in DAYS])

    assert not repeated_columns(
        repeating.followed_by(summary(schedule, RNG.normal(size=300)))
    ).any()


def test_a_constant_column_is_no_copy() -> None:
    still = Summary.stack([summary(np.ones(300), b) for _, b in DAYS[:2]])

    assert not repeated_columns(
        still.followed_by(summary(np.ones(300), RNG.normal(size=300)))
    ).any()


def test_one_partition_tells_of_a_copy_of_it_but_not_whether_a_column_repeats_by_itself() -> None:
    a, b = DAYS[0]

    assert is_repeated(HISTORY[:1], summary(a, b))
    assert not repeated_columns(HISTORY[:1].followed_by(summary(a, b))).any()
    assert repeated_columns(HISTORY[:2].followed_by(summary(*DAYS[1]))).all()
