import numpy as np
import pytest

from core.domain.partition import days_before
from functions.arrays import Counts, Floats, NumberColumn, Sized
from functions.ml.checking.compare import Comparison, Measured, compare
from functions.ml.checking.reference import Day, Reference, closed, learn
from functions.ml.checking.season import WINDOW, moments_of
from functions.ml.checking.series import Series, Statistic, in_units
from functions.ml.checking.summary import Summary

ROWS = 900
FIRST = "2013-01-01"
KINDS = {"share": "number", "level": "number"}


def a_day(share: Floats, level: Floats) -> Day:
    batch = {"share": NumberColumn(share), "level": NumberColumn(level)}
    return Day([Sized(batch, len(share))], 0.0)


def names(count: int) -> list[str]:
    return [days_before(FIRST, -at) for at in range(count)]


def some_days(means: Floats) -> Reference:
    rng = np.random.default_rng(3)
    days = [a_day(rng.random(ROWS), rng.normal(mean, 1, ROWS)) for mean in means]
    return learn(dict(zip(names(len(days)), days, strict=True)), KINDS)


def compared(reference: Reference, day: Day, moments: Counts | None = None) -> Comparison:
    current = closed(day, reference.ruler, reference.known).summary
    measured = Measured.of(reference.summaries, current, reference.ruler)
    return compare(measured, None, 250, moments)


def test_one_odd_row_wakes_nobody_and_more_of_them_do() -> None:
    reference = some_days(np.zeros(40))
    share, level = np.random.default_rng(9).random(ROWS), np.random.default_rng(8).normal(size=ROWS)

    def score(odd: int) -> float:
        found = compared(reference, a_day(np.where(np.arange(ROWS) < odd, 3.0, share), level))
        return found.scores["share"]

    one = compared(reference, a_day(np.where(np.arange(ROWS) < 1, 3.0, share), level))
    assert one.surprises[Series("share", Statistic.HIGH)] > 20
    assert score(1) < 1 <= score(60)


def test_a_sale_that_begins_as_it_did_last_year_is_no_surprise_to_who_knows_it() -> None:
    place = np.arange(364 + 16)
    is_sale = (place >= 16) & (place < 26)
    reference = some_days(np.where(is_sale, 4.0, 0.0))
    today = days_before(FIRST, -len(place))
    rng = np.random.default_rng(7)
    first_day = a_day(rng.random(ROWS), rng.normal(4, 1, ROWS))

    def score(moments: Counts | None) -> float:
        return compared(reference, first_day, moments).scores["level"]

    assert score(moments_of([*reference.partitions, today])) < 1 <= score(None)


def test_what_was_there_last_winter_is_not_new_and_more_of_it_is() -> None:
    """The share of negative levels comes back after more days than are compared one by one."""
    place = np.arange(WINDOW + 60)
    reference = some_days(np.where(place < 30, 0.0, 6.0))
    rng = np.random.default_rng(7)

    def surprise(below_zero: int) -> float:
        level = np.abs(rng.normal(6, 1, ROWS))
        level[:below_zero] *= -1
        found = compared(reference, a_day(rng.random(ROWS), level))
        return found.surprises[Series("level", Statistic.NEGATIVES)]

    assert surprise(ROWS // 9) == 0
    assert surprise(ROWS * 8 // 9) > 10


def counts_of(ones: float, rng: np.random.Generator) -> Floats:
    """Draw so many ones, and as many twos as threes."""
    rest = (1 - ones) / 2
    return rng.choice([1.0, 2.0, 3.0], ROWS, p=[ones, rest, rest])


def test_a_few_rows_that_tip_a_percentile_of_whole_numbers_wake_nobody() -> None:
    rng = np.random.default_rng(4)
    shares = rng.uniform(0.77, 0.85, 60)
    days = [a_day(rng.random(ROWS), counts_of(ones, rng)) for ones in shares]
    reference = learn(dict(zip(names(60), days, strict=True)), KINDS)

    fewer = compared(reference, a_day(rng.random(ROWS), counts_of(0.75, rng)))
    half = compared(reference, a_day(rng.random(ROWS), counts_of(0.4, rng)))

    assert fewer.surprises[Series("level", Statistic.QUANTILE, 0.75)] < 6
    assert fewer.scores["level"] < 1 <= half.scores["level"]


def test_a_percentile_is_the_average_of_the_ranks_around_it() -> None:
    reference = some_days(np.zeros(12))
    level = np.random.default_rng(5).normal(size=ROWS)
    current = closed(a_day(level, level), reference.ruler, reference.known).summary

    measured = Measured.of(reference.summaries, current, reference.ruler)

    ranked = np.sort(level)
    for of, (low, high) in {0.25: (0.15, 0.35), 0.5: (0.3, 0.7), 0.95: (0.93, 0.97)}.items():
        series = Series("level", Statistic.QUANTILE, of)
        rule = reference.ruler.columns["level"]
        found = in_units(series, measured.of_series(series)[-1:], rule)[0]
        assert found == pytest.approx(ranked[int(low * ROWS) : int(high * ROWS)].mean(), abs=0.02)


def test_the_first_values_of_a_column_lie_far_from_nothing() -> None:
    nothing = np.full(ROWS, np.nan)
    rng = np.random.default_rng(6)
    days = [a_day(rng.random(ROWS), nothing) for _ in range(40)]
    reference = learn(dict(zip(names(40), days, strict=True)), KINDS)
    filled = np.where(rng.random(ROWS) < 0.3, rng.normal(size=ROWS), np.nan)

    found = compared(reference, a_day(rng.random(ROWS), filled))

    of_level = {of.kind: s for of, s in found.surprises.items() if of.column == "level"}
    assert {kind for kind, surprise in of_level.items() if surprise} == {Statistic.NULLS}


def test_what_grows_beyond_the_ruler_moves_no_farther_than_it_used_to() -> None:
    rng = np.random.default_rng(7)
    days = [a_day(rng.random(ROWS), 100 * at + 100 * rng.random(ROWS)) for at in range(64)]
    learned = learn(dict(zip(names(12), days[:12], strict=True)), KINDS)
    every = [closed(day, learned.ruler, learned.known).summary for day in days]

    found = [
        compare(Measured.of(Summary.stack(every[:at]), every[at], learned.ruler), None, 100)
        for at in range(56, 64)
    ]

    assert max(one.surprises[Series("level", Statistic.FAR)] for one in found) > 20
    assert max(one.scores["level"] for one in found) < 1
