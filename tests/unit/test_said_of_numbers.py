"""How it is said that a column of numbers left what was usual: cold air, and rain after no rain."""

import numpy as np
import pytest

from core.domain.judge import judge
from core.domain.verdict import Basis, Blame, ErrorClass
from functions.arrays import Floats, NumberColumn, Sized
from functions.ml.checking.compare import Measured, compare
from functions.ml.checking.examine import About, contract_findings, movement_findings
from functions.ml.checking.reference import Day, learn

PARTITIONS, ROWS = 40, 200
ABOUT = About("id", {"dew": "°F", "rain": "in", "wait": "min"}, frozenset())


def a_day(day: int) -> dict[str, Floats]:
    chance = np.random.default_rng(day)
    is_wet = chance.random(ROWS) < chance.uniform(0.05, 0.15)
    return {
        "dew": chance.normal(30, 8, ROWS).clip(4, 60),
        "rain": np.where(is_wet, chance.exponential(0.1, ROWS), 0),
        "wait": chance.exponential(5, ROWS).round(),
    }


def blamed(column: str, today: dict[str, Floats]) -> Blame:
    every = [*map(a_day, range(PARTITIONS)), today]
    days = {
        f"{i:02}": Day([Sized({n: NumberColumn(v) for n, v in of.items()}, ROWS)], 0.0)
        for i, of in enumerate(every)
    }
    reference = learn(days, dict.fromkeys(today, "number"))
    measured = Measured.of(reference.summaries[:-1], reference.summaries[-1], reference.ruler)
    contract = list(contract_findings(measured, ABOUT))
    compared = compare(measured, None, 60)
    found = [*contract, *movement_findings(measured, compared, ABOUT, contract)]
    return next(b for b in judge(found, Basis.REFERENCE).blamed if b.column == column)


def blamed_if_lower(column: str, by: float) -> Blame:
    today = a_day(PARTITIONS)
    return blamed(column, {**today, column: today[column] - by})


def test_a_little_below_zero_for_the_first_time_may_be_the_season() -> None:
    today = a_day(PARTITIONS)
    today["dew"] = np.where(np.arange(ROWS) < 8, -3, today["dew"])

    broken = blamed("dew", today)

    assert broken.error_class is ErrorClass.SOFT
    assert broken.sentence.endswith("negative, never before")


@pytest.mark.parametrize(("column", "by"), [("dew", 80), ("wait", 3)])
def test_far_below_zero_or_where_zero_was_the_end_it_is_hard(column: str, by: float) -> None:
    assert blamed_if_lower(column, by).error_class is ErrorClass.HARD


def test_rain_on_a_dry_table_is_told_as_a_share_of_zeros() -> None:
    today = a_day(PARTITIONS)
    today["rain"] = np.random.default_rng(1).exponential(0.1, ROWS) * (np.arange(ROWS) >= 40)

    told = blamed("rain", today)

    assert told.sentence.startswith("`rain`: 20 % zeros, usually 8")
    assert told.error_class is ErrorClass.DRIFT
