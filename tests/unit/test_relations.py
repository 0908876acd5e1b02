import numpy as np
import pytest

from functions.arrays import Floats, NumberColumn
from functions.ml.checking.profile import profile_batch
from functions.ml.checking.relations import regress, regressed, relation_errors
from functions.ml.checking.ruler import Ruler, rule_numbers

RNG = np.random.default_rng(5)


def a_day(*, nulls: float = 0.0, shift: float = 0.0) -> dict[str, Floats]:
    x = RNG.normal(size=400)
    y = 2 * x + 0.1 * RNG.normal(size=400) + shift
    y[RNG.random(400) < nulls] = np.nan
    return {"x": x, "y": y}


WINDOW = [a_day() for _ in range(20)]
RULER = Ruler.of(
    {
        name: rule_numbers(np.concatenate([day[name] for day in WINDOW]), had_nulls=False)
        for name in ("x", "y")
    }
)


def products(day: dict[str, Floats]) -> Floats:
    batch = {name: NumberColumn(values) for name, values in day.items()}
    seen = profile_batch(batch, 400, RULER)
    return np.asarray(seen.products / seen.related_rows)


WEIGHTS = regress(np.stack([products(day) for day in WINDOW]), 2)


def errors(day: dict[str, Floats]) -> Floats:
    return np.asarray(relation_errors(products(day)[None], WEIGHTS)[0])


def test_regressions_are_those_of_least_squares() -> None:
    x = np.concatenate([day["x"] for day in WINDOW])
    y = np.concatenate([day["y"] for day in WINDOW])
    rules = RULER.columns
    standard = [rules[n].standardise(v) for n, v in (("x", x), ("y", y))]  # type: ignore[union-attr]  # numbers both

    slope, _ = np.polyfit(standard[0], standard[1], 1)

    assert -WEIGHTS[1, 0] == pytest.approx(slope, rel=0.03)  # the ridge pulls it a little


def test_a_column_that_moves_alone_leaves_the_others() -> None:
    usual = np.abs([errors(a_day())[1] for _ in range(10)]).max()

    assert abs(errors(a_day(shift=1.0))[1]) > 5 * usual


def test_lost_values_of_one_of_two_columns_widen_the_errors() -> None:
    usual = max(errors(a_day())[3] for _ in range(10))

    assert errors(a_day(nulls=0.1))[3] > usual + 0.5


def test_numbers_and_whether_a_column_is_null_are_regressed() -> None:
    with_nulls = Ruler.of({"x": rule_numbers(np.arange(9.0), had_nulls=True)})

    assert regressed(RULER) == ["x", "y"]
    assert regressed(with_nulls) == ["x", "x"]
