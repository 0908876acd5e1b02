import numpy as np
import pytest

from functions.arrays import Floats, NumberColumn, Sized
from functions.ml.checking.absences import Alone, missing_alone
from functions.ml.checking.reference import Day, learn

ROWS = 400


def a_day(seed: int, *, cancelled: int = 12) -> dict[str, Floats]:
    """Make flights: of those that were cancelled nothing is known, of some no time in the air."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(ROWS)

    def known_but_for(rows: int) -> Floats:
        return np.where(order < rows, np.nan, rng.normal(size=ROWS))

    left, delay = known_but_for(cancelled), known_but_for(cancelled)
    return {"left": left, "delay": delay, "air_time": known_but_for(cancelled + 5)}


def found(day: dict[str, Floats], days: int = 20) -> list[Alone]:
    every = [*(a_day(seed) for seed in range(days)), day]
    named = {
        f"2013-02-{at + 1:02}": Day(
            [Sized({name: NumberColumn(values) for name, values in one.items()}, ROWS)], 0.0
        )
        for at, one in enumerate(every)
    }
    reference = learn(named, dict.fromkeys(day, "number"))
    return list(missing_alone(reference.summaries, reference.ruler))


def test_a_day_on_which_much_is_missing_together_passes() -> None:
    assert found(a_day(30, cancelled=300)) == []


def test_values_that_are_lost_while_the_others_are_there_are_noticed() -> None:
    day = a_day(30)
    day["delay"][np.flatnonzero(np.isfinite(day["air_time"]))[:40]] = np.nan

    [alone] = found(day)

    assert (alone.column, alone.is_missing) == ("delay", True)
    assert alone.share == pytest.approx(0.1)
    assert alone.score > 1


def test_values_that_are_made_up_where_the_others_have_none_are_noticed() -> None:
    day = a_day(30)
    day["air_time"][np.isnan(day["air_time"])] = 0.0

    [alone] = found(day)

    assert (alone.column, alone.is_missing) == ("air_time", False)
    assert alone.share == pytest.approx(12 / ROWS)


def test_what_was_missing_alone_before_promises_nothing() -> None:
    day = a_day(30)
    day["air_time"][np.flatnonzero(np.isfinite(day["left"]))[:40]] = np.nan

    assert found(day) == []


def test_single_rows_and_short_histories_say_nothing() -> None:
    one_row, many_rows = a_day(30), a_day(30)
    there = np.flatnonzero(np.isfinite(one_row["air_time"]))
    one_row["delay"][there[:1]] = np.nan
    many_rows["delay"][there[:40]] = np.nan

    assert found(one_row) == []
    assert found(many_rows, days=9) == []
