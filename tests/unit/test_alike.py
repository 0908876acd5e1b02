from collections.abc import Mapping

import numpy as np
import pytest

from functions.arrays import Floats, NumberColumn, Sized, WordColumn
from functions.ml.checking.alike import Alikes
from functions.ml.checking.reference import Day, Reference, learn

ROWS = 300


def a_day(seed: int) -> Sized:
    rng = np.random.default_rng(seed)
    delay = NumberColumn(rng.exponential(20, ROWS))
    carrier = WordColumn(rng.choice(3, ROWS, p=[0.6, 0.3, 0.1]), ["AA", "B6", "UA"])
    return Sized({"delay": delay, "carrier": carrier}, ROWS)


def reference() -> Reference:
    days = {f"2013-01-{day:02}": Day([a_day(day)], 0.0) for day in range(1, 15)}
    return learn(days, {"delay": "number", "carrier": "category"})


def found(missing: str, columns: Mapping[str, NumberColumn | WordColumn]) -> list[str]:
    """Name the columns that look like the missing one, the most alike first."""
    alikes = Alikes([missing], reference())
    alikes.take(Sized(columns, ROWS))
    return [one for _, name, one in sorted(alikes.found()) if name == missing]


def numbers(*shape: float, of: int = 99) -> Floats:
    scale, shift = shape
    column = a_day(of).batch["delay"]
    assert isinstance(column, NumberColumn)
    return column.values * scale + shift


def test_the_same_content_under_another_name_is_alike_and_the_closest_is_first() -> None:
    columns = {"near": NumberColumn(numbers(1, 4)), "same": NumberColumn(numbers(1, 0))}

    assert found("delay", columns)[0] == "same"


@pytest.mark.parametrize(
    "values",
    [numbers(60, 0), numbers(1, 100), np.full(ROWS, 20.0), np.full(ROWS, np.nan)],
    ids=["other unit", "elsewhere", "constant", "nothing"],
)
def test_other_numbers_are_not_alike(values: Floats) -> None:
    assert found("delay", {"x": NumberColumn(values)}) == []


def test_words_are_alike_when_they_are_the_same_ones() -> None:
    same = a_day(99).batch["carrier"]
    assert isinstance(same, WordColumn)

    assert found("carrier", {"x": same}) == ["x"]
    assert found("carrier", {"x": WordColumn(same.codes, ["Ada", "Bob", "Cy"])}) == []


def test_a_number_is_not_held_against_words() -> None:
    assert found("carrier", {"x": NumberColumn(numbers(1, 0))}) == []
    assert found("delay", {"x": a_day(99).batch["carrier"]}) == []


def test_one_row_looks_like_nothing() -> None:
    alikes = Alikes(["delay"], reference())

    alikes.take(Sized({"x": NumberColumn(np.array([20.0]))}, 1))

    assert alikes.found() == []


def test_batches_are_held_against_it_together() -> None:
    values, alikes = numbers(1, 0), Alikes(["delay"], reference())

    for half in (values[:150], values[150:]):
        alikes.take(Sized({"x": NumberColumn(half)}, len(half)))

    [(apart, *_)] = alikes.found()
    whole = Alikes(["delay"], reference())
    whole.take(Sized({"x": NumberColumn(values)}, ROWS))
    assert apart == pytest.approx(whole.found()[0][0])
