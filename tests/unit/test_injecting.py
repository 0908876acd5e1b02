"""What is computed of a summary, beside the summary of rows that really went wrong."""

import numpy as np
import pytest

from functions.arrays import Batch, NumberColumn, ShortFloats, Sized, WordColumn
from functions.ml.checking.column_profile import Fact
from functions.ml.checking.injecting import Injection, Like, Moved, Places, row_of, unknown_word
from functions.ml.checking.reference import Day, Reference, closed, learn
from functions.ml.checking.ruler import NumberRuler
from functions.ml.checking.summary import Summary

ROWS = 4000
KINDS = {"delay": "number", "seats": "number", "carrier": "category"}


def some_rows() -> dict[str, NumberColumn | WordColumn]:
    rng = np.random.default_rng(1)
    seats = rng.integers(40, 400, ROWS).astype(np.float64)
    delay = seats / 10 + rng.normal(0, 8, ROWS)
    delay[::10] = np.nan
    return {
        "delay": NumberColumn(delay),
        "seats": NumberColumn(seats),
        "carrier": WordColumn(rng.choice(3, ROWS, p=[0.6, 0.3, 0.1]), ("UA", "B6", "AA")),
    }


def day(batch: Batch) -> Day:
    return Day([Sized(batch, ROWS)], 0.0)


@pytest.fixture(scope="module")
def known() -> Reference:
    """Two days that are alike."""
    return learn({name: day(some_rows()) for name in ("2013-01-01", "2013-01-02")}, KINDS)


def computed(known: Reference, column: str, injection: Injection, size: float) -> Summary:
    before = known.summaries[:1].only(known.ruler, [column])
    return injection.spoiled(before, np.array([size]))[0]


def seen(known: Reference, column: str, wrong: NumberColumn | WordColumn) -> Summary:
    summary = closed(day(some_rows() | {column: wrong}), known.ruler, known.known).summary
    return summary.only(known.ruler, [column])


def like(known: Reference, column: str, value: float | str | None) -> Like:
    return Like(row_of(value, known.ruler.only([column])))


def some_wrong(known: Reference, value: float | None, share: float) -> tuple[Summary, Summary]:
    """Compute one and see the other, of a share of the delays that turn into this value."""
    rows = some_rows()["delay"]
    assert isinstance(rows, NumberColumn)
    values, filled = rows.values.copy(), np.flatnonzero(~np.isnan(rows.values))
    chosen = np.random.default_rng(2).choice(filled, int(share * len(filled)), replace=False)
    values[chosen] = np.nan if value is None else value
    wrong = seen(known, "delay", NumberColumn(values))
    return computed(known, "delay", like(known, "delay", value), share), wrong


@pytest.mark.parametrize("value", [None, 0.0, -1.0])
def test_rows_that_lose_their_value_or_take_another_are_counted_as_if_they_were_read(
    known: Reference, value: float | None
) -> None:
    of_computed, of_seen = some_wrong(known, value, 0.25)

    exact = [Fact.NULLS, Fact.ZEROS, Fact.MINUS_ONES]
    assert of_computed.facts[0, exact] == pytest.approx(of_seen.facts[0, exact], abs=1e-6)
    assert of_computed.facts[0] == pytest.approx(of_seen.facts[0], rel=0.1, abs=60)
    assert np.abs(of_computed.counts - of_seen.counts).sum() < 0.05 * ROWS
    assert of_computed.distinct == pytest.approx(of_seen.distinct, rel=0.1)


def test_all_rows_that_lose_their_value_leave_nothing(known: Reference) -> None:
    of_computed = computed(known, "delay", like(known, "delay", None), 1.0)

    assert of_computed.facts[0, Fact.NULLS] == ROWS
    assert not of_computed.counts.any()
    assert (of_computed.lows[0], of_computed.highs[0]) == (np.inf, -np.inf)


@pytest.mark.parametrize("by", [3.0, -20.0, 500.0])
def test_whole_numbers_that_move_are_counted_as_if_they_were_read(
    known: Reference, by: float
) -> None:
    rows, rule = some_rows()["seats"], known.ruler.columns["seats"]
    assert isinstance(rows, NumberColumn)
    assert isinstance(rule, NumberRuler)
    of_seen = seen(known, "seats", NumberColumn(rows.values + by))

    of_computed = computed(known, "seats", Moved(rule, int(np.sign(by)), 1.0), abs(by))

    assert of_computed.facts[0] == pytest.approx(of_seen.facts[0], rel=1e-6, abs=1e-6)
    assert (of_computed.lows, of_computed.highs) == (of_seen.lows, of_seen.highs)
    assert np.abs(of_computed.counts - of_seen.counts).sum() < 0.06 * ROWS


def test_what_moves_below_zero_is_negative(known: Reference) -> None:
    rows, rule = some_rows()["delay"], known.ruler.columns["delay"]
    assert isinstance(rows, NumberColumn)
    assert isinstance(rule, NumberRuler)
    of_seen = seen(known, "delay", NumberColumn(rows.values - 20))

    of_computed = computed(known, "delay", Moved(rule, -1, None), 20.0)

    negatives = of_seen.facts[0, Fact.NEGATIVES]
    assert of_computed.facts[0, Fact.NEGATIVES] == pytest.approx(negatives, rel=0.02)


def test_rows_of_a_word_that_nobody_knows_are_new(known: Reference) -> None:
    rows = some_rows()["carrier"]
    assert isinstance(rows, WordColumn)
    codes = rows.codes.copy()
    codes[::4] = 3
    word = unknown_word(("UA", "B6", "AA"))
    of_seen = seen(known, "carrier", WordColumn(codes, ("UA", "B6", "AA", word)))

    of_computed = computed(known, "carrier", like(known, "carrier", word), 0.25)

    assert of_computed.new[0] == of_seen.new[0] == ROWS / 4
    assert of_computed.distinct[0] == of_seen.distinct[0] == 4
    assert of_computed.counts == pytest.approx(of_seen.counts, abs=60)


def products(known: Reference, column: str, wrong: NumberColumn | WordColumn) -> ShortFloats:
    summary = closed(day(some_rows() | {column: wrong}), known.ruler, known.known).summary
    return summary.products


@pytest.mark.parametrize("column", ["delay", "seats"])
def test_how_columns_go_together_after_one_moved_is_as_if_it_was_read(
    known: Reference, column: str
) -> None:
    rows, rule = some_rows()[column], known.ruler.columns[column]
    assert isinstance(rows, NumberColumn)
    assert isinstance(rule, NumberRuler)
    places = Places.of(column, known.ruler, ROWS)

    after = Moved(rule, 1, None).related(known.summaries.products[0], places, np.array([7.0]))

    assert after[0] == pytest.approx(products(known, column, NumberColumn(rows.values + 7)))


def test_how_columns_go_together_after_all_values_were_lost_is_as_if_it_was_read(
    known: Reference,
) -> None:
    places = Places.of("delay", known.ruler, 1e12)  # so many that chance plays no part
    nothing = NumberColumn(np.full(ROWS, np.nan))

    after = like(known, "delay", None).related(known.summaries.products[0], places, np.array([1.0]))

    assert after[0] == pytest.approx(products(known, "delay", nothing), abs=1e-5)
