import numpy as np
import pytest

from functions.arrays import NumberColumn, Sized
from functions.ml.checking.beside import beside
from functions.ml.checking.compare import Measured, compare
from functions.ml.checking.reference import Day, learn
from functions.ml.checking.series import ROWS, Statistic

PARTITIONS = 30


def measured(seed: int, names: tuple[str, ...]) -> Measured:
    """Measure partitions of columns that hold nothing but noise."""
    chance = np.random.default_rng(seed)
    days = {
        f"{day:02}": Day(
            [Sized({name: NumberColumn(chance.normal(0, 1, 200)) for name in names}, 200)], 0.0
        )
        for day in range(PARTITIONS + 1)
    }
    reference = learn(days, dict.fromkeys(names, "number"))
    return Measured.of(reference.summaries[:-1], reference.summaries[-1], reference.ruler)


def test_columns_of_both_are_scored_under_one_limit() -> None:
    columns, output = measured(1, ("a", "b", "c")), measured(2, ("prediction",))

    together = compare(beside(columns, output), None, 60)

    assert set(together.scores) >= {"a", "b", "c", "prediction"}
    alone = compare(output, None, 60)
    for series, surprise in alone.surprises.items():
        if series.column != ROWS:
            assert together.surprises[series] == pytest.approx(surprise)
    ratio = together.scores["prediction"] / alone.scores["prediction"]
    assert together.scores["a"] / compare(columns, None, 60).scores["a"] == pytest.approx(
        1, abs=0.3
    )
    assert ratio != pytest.approx(1, abs=1e-6)  # its limit is that of all columns, not its own


def test_rows_as_a_whole_are_judged_once() -> None:
    together = beside(measured(1, ("a",)), measured(2, ("prediction",)))

    assert [series.kind for series in together.series].count(Statistic.ROWS) == 1
