import numpy as np
import pytest

from functions.arrays import Floats
from functions.ml.checking.promises import BROKEN, USELESS, Broken, broken_promises
from functions.ml.checking.series import ROWS, Series, Statistic, crowding


def broken(
    kind: Statistic, history: Floats | list[float], seen: float, rows: int = 1000
) -> list[Broken]:
    past = np.array(history, dtype=np.float64)[:, None]
    series = [Series(ROWS if kind is Statistic.DUPLICATES else "x", kind)]
    return list(broken_promises(series, past, np.array([seen]), np.full(len(past) + 1, rows)))


KEPT = [0.0] * 30


@pytest.mark.parametrize(
    "kind",
    [
        Statistic.NULLS,
        Statistic.NEGATIVES,
        Statistic.ZEROS,
        Statistic.MINUS_ONES,
        Statistic.FRACTIONS,
        Statistic.PADDED,
        Statistic.FOREIGN,
        Statistic.DUPLICATES,
    ],
)
def test_what_never_was_there_and_is_now_breaks_a_promise(kind: Statistic) -> None:
    [found] = broken(kind, KEPT, 0.05)

    assert (found.series.kind, found.seen) == (kind, 0.05)
    assert BROKEN < found.score < USELESS


def test_more_rows_break_it_worse() -> None:
    [few], [many] = (broken(Statistic.ZEROS, KEPT, share) for share in (0.05, 0.5))

    assert few.score < many.score


@pytest.mark.parametrize("kind", [Statistic.MEAN, Statistic.SPREAD, Statistic.WORD])
def test_other_statistics_promise_nothing(kind: Statistic) -> None:
    assert broken(kind, KEPT, 0.5) == []


def test_single_odd_rows_break_no_promise_but_absurd_values_do_sooner() -> None:
    assert broken(Statistic.NULLS, KEPT, 0.002) == []
    assert broken(Statistic.FAR, KEPT, 0.002)
    assert broken(Statistic.FAR, KEPT, 0.001) == []


def test_what_was_there_before_was_never_promised() -> None:
    assert broken(Statistic.NULLS, [*KEPT[:-1], 0.01], 0.4) == []


def test_a_promise_kept_by_few_partitions_is_broken_only_in_bulk() -> None:
    assert broken(Statistic.NEGATIVES, KEPT[:5], 0.3) == []
    assert broken(Statistic.NEGATIVES, KEPT[:5], 0.9)


def test_where_promises_often_turn_out_to_be_none_none_is_made() -> None:
    """Of several columns that never had nulls, one after the other begins to have some."""
    history = np.zeros((40, 6))
    for column, day in enumerate((18, 22, 26, 30)):
        history[day, column] = 0.2
    series = [Series(f"x{i}", Statistic.NULLS) for i in range(6)]
    seen = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.5])

    assert list(broken_promises(series, history, seen, np.full(41, 1000))) == []


def test_a_column_that_lost_all_values_is_useless_unless_it_did_so_before() -> None:
    [found] = broken(Statistic.NULLS, [0.1] * 20, 1.0)

    assert found.score == USELESS
    assert broken(Statistic.NULLS, [*[0.1] * 19, 0.9], 1.0) == []


def test_another_coding_is_an_error_and_a_new_shop_is_not() -> None:
    [found] = broken(Statistic.NEW, [0.01] * 50, 0.3)

    assert found.score == USELESS
    assert broken(Statistic.NEW, [0.01] * 50, 0.1) == []
    assert broken(Statistic.NEW, [0.2] * 50, 0.9) == []  # an identifier: each day has others


@pytest.mark.parametrize("kind", [Statistic.DECIMALS, Statistic.FAR])
def test_values_that_could_not_be_are_a_promise_too(kind: Statistic) -> None:
    [found] = broken(kind, KEPT, 1.0)

    assert found.seen == 1.0


def became_one(distinct: float, rows: int = 1000, usual: float = 0.4, days: int = 30) -> bool:
    """Check a column whose most frequent value usually has this share of its rows."""
    kinds = (Statistic.NULLS, Statistic.DISTINCT, Statistic.PEAK)
    crowded = float(crowding(np.array(distinct), np.array(0.9 * rows)))
    past = np.tile([0.1, 0.0, usual], (days, 1))
    series, seen = [Series("w", kind) for kind in kinds], np.array([0.1, crowded, 1.0])
    found = list(broken_promises(series, past, seen, np.append(np.full(days, 1000), rows)))
    return [(one.series.kind, one.score) for one in found] == [(Statistic.PEAK, USELESS)]


def test_a_column_that_became_one_value_is_useless_unless_it_nearly_was() -> None:
    assert became_one(1)
    assert not became_one(2)
    assert not became_one(1, usual=0.95)
    assert not became_one(1, days=9)


def test_that_few_rows_are_all_alike_says_nothing() -> None:
    assert not became_one(1, rows=140)


@pytest.mark.parametrize(("alike", "is_told"), [(1, False), (5, False), (30, True)])
def test_rows_that_are_alike_by_chance_are_no_error(alike: int, *, is_told: bool) -> None:
    """Of a gauge that is mostly silent one value is left, on a calm day."""
    kinds = (Statistic.NULLS, Statistic.DISTINCT, Statistic.PEAK)
    past = np.tile([0.9, 1.0, 0.4], (30, 1))
    crowded = float(crowding(np.array(1.0), np.array(float(alike))))
    series, seen = [Series("gust", kind) for kind in kinds], np.array([1 - alike / 200, crowded, 1])

    found = list(broken_promises(series, past, seen, np.full(31, 200)))

    assert bool(found) is is_told


def far_at(highs: list[float]) -> list[Broken]:
    """Check a column whose values were learned up to 30, on the scale of `statistics`."""
    values = np.array([[high, high / 2, float(high > np.arcsinh(30))] for high in highs])
    kinds = (Statistic.HIGH, Statistic.LOW, Statistic.FAR)
    series = [Series("number", kind) for kind in kinds]
    return list(broken_promises(series, values[:-1], values[-1], np.full(len(values), 200)))


def test_what_grows_may_pass_every_end_by_its_usual_strides_and_by_no_larger_one() -> None:
    numbers = [float(np.arcsinh(i)) for i in range(31)]

    assert far_at([*numbers, float(np.arcsinh(31))]) == []
    [found] = far_at([*numbers, float(np.arcsinh(31_000))])
    assert far_at([numbers[-1], *numbers, float(np.arcsinh(31_000))])

    assert (found.series.kind, found.seen) == (Statistic.FAR, 1.0)


def test_a_column_that_never_had_a_word_speaks_no_other_language() -> None:
    assert broken(Statistic.NEW, [np.nan] * 50, 1.0) == []
