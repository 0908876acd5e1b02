"""Flights into whose raw rows errors are put, of the sizes that are said to be caught."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from pyarrow import BufferReader, parquet

from core.domain.alarm_budget import judgements_per_false_alarm
from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from core.domain.partition import weekdays_of
from core.domain.sensitivity import Injected
from functions.arrays import NumberColumn, Sized, WordColumn
from functions.data.arrow_batch import take_batch
from functions.flows.checking.history import History
from functions.flows.checking.measure import measure
from functions.ml.checking.injecting import unknown_word
from functions.ml.checking.reference import Day, Reference, closed, learn
from functions.ml.checking.ruler import NumberRuler, WordRuler
from functions.ml.checking.sensitivity import MOST_HELD_OUT, Sizes, smallest_errors
from infra.local.flights import days
from tests.builders import a_config

COLUMNS = {
    "carrier": "category",
    "hour": "number",
    "distance": "number",
    "humidity": "number",
}
CONFIG: ModelConfig = a_config(columns={name: {"type": kind} for name, kind in COLUMNS.items()})
_BUDGET = judgements_per_false_alarm(CONFIG)
DRAWS = 4  # of the rows that go wrong, which is chance
_NUMBERS = {Injected.NULLS: np.nan, Injected.ZEROS: 0.0, Injected.MINUS_ONES: -1.0}


@dataclass(frozen=True)
class Flights:
    """Four weeks of flights, and what is said to be caught of them."""

    days: Mapping[str, Day]
    reference: Reference
    sizes: Sizes

    def caught(self, day: str, column: str, kind: Injected, size: float) -> float:
        """Say how often a day is called broken after an error was put into its raw rows, 0..1."""
        return float(np.mean([self._is_caught(day, column, kind, size, i) for i in range(DRAWS)]))

    def _is_caught(self, day: str, column: str, kind: Injected, size: float, draw: int) -> bool:
        spoiled = self._spoiled(day, column, kind, size, draw)
        measured = closed(spoiled, self.reference.ruler, NOTHING)
        others = [i for i, name in enumerate(self.reference.partitions) if name != day]
        names = tuple(self.reference.partitions[i] for i in others)
        history = History(names, self.reference.summaries[others], NOTHING, {}, {})
        basis, findings = measure(CONFIG, day, measured.summary, history, self.reference.ruler)
        return judge(findings, basis).is_broken

    def _spoiled(self, day: str, column: str, kind: Injected, size: float, draw: int) -> Day:
        [part] = self.days[day].parts
        rng = np.random.default_rng(3 + draw)
        wrong = _wrong(part.batch[column], kind, size, self.reference.ruler.columns[column], rng)
        return Day([Sized({**part.batch, column: wrong}, part.rows)], 0.0)


NOTHING = tuple(np.zeros(0, dtype=np.uint64) for _ in COLUMNS)


def _wrong(
    column: NumberColumn | WordColumn,
    kind: Injected,
    size: float,
    rule: NumberRuler | WordRuler,
    rng: np.random.Generator,
) -> NumberColumn | WordColumn:
    """Let a share of the rows go wrong, chosen by chance, or move all of them."""
    if isinstance(column, NumberColumn):
        if kind is Injected.MOVED:
            return NumberColumn(column.values + size)
        values, filled = column.values.copy(), np.flatnonzero(~np.isnan(column.values))
        values[rng.choice(filled, int(np.ceil(size * len(filled) - 1e-9)), replace=False)] = (
            _NUMBERS[kind]
        )
        return NumberColumn(values)
    assert isinstance(rule, WordRuler)
    word = rule.words[0] if kind is Injected.COMMON else unknown_word(rule.words)
    words = [*column.words, word]
    codes, filled = column.codes.copy(), np.flatnonzero(column.codes >= 0)
    chosen = rng.choice(filled, int(np.ceil(size * len(filled) - 1e-9)), replace=False)
    codes[chosen] = -1 if kind is Injected.NULLS else words.index(word)
    return WordColumn(codes, words)


@pytest.fixture(scope="module")
def flights() -> Flights:
    """January 2013."""
    built: dict[str, Day] = {}
    for day in days("2013-01-01", "2013-01-28"):
        table = parquet.read_table(BufferReader(day.features), columns=list(COLUMNS))
        batch = take_batch(table, CONFIG_KINDS, frozenset()).batch
        built[day.name] = Day([Sized(batch, table.num_rows)], 0.0)
    reference = learn(built, CONFIG_KINDS)
    weekdays = np.array(weekdays_of(reference.partitions))
    return Flights(
        built, reference, smallest_errors(reference.summaries, reference.ruler, weekdays, _BUDGET)
    )


CONFIG_KINDS = {name: column.type for name, column in CONFIG.columns.items()}


def _on_the_grid(column: str, size: float) -> float:
    """Cut off the digits that its values never had: they would be an error of their own."""
    return float(np.floor(size * 100) / 100 if column == "humidity" else np.floor(size))


def stated(flights: Flights) -> Iterator[tuple[str, Injected, float, float]]:
    """Each error with its size and a quarter of it, in both directions where it has two."""
    for (column, kind), size in flights.sizes.items():
        if size is None:
            continue
        quarter = size / 4 if kind is not Injected.MOVED else _on_the_grid(column, size / 4)
        yield column, kind, size, quarter
        if kind is Injected.MOVED:
            yield column, kind, -size, -quarter


def test_an_error_of_the_size_that_is_stated_is_caught_and_of_a_quarter_of_it_less_often(
    flights: Flights,
) -> None:
    held_out = flights.reference.partitions[-MOST_HELD_OUT:]
    rates: dict[tuple[str, Injected], list[tuple[float, float]]] = {}
    for column, kind, *sizes in stated(flights):
        whole, part = (
            float(np.mean([flights.caught(day, column, kind, size) for day in held_out]))
            for size in sizes
        )
        rates.setdefault((column, kind), []).append((whole, part))

    assert len(rates) >= 13
    for of, both_ways in rates.items():  # a size is that of the direction in which less is seen
        assert min(whole for whole, _ in both_ways) >= 0.9, of
        assert any(part < whole for whole, part in both_ways), of


def test_a_column_that_never_was_null_needs_few_nulls(flights: Flights) -> None:
    size = flights.sizes["distance", Injected.NULLS]

    assert size is not None
    assert size <= 0.012


def test_whole_numbers_move_by_whole_numbers(flights: Flights) -> None:
    moved = flights.sizes["hour", Injected.MOVED]

    assert moved is not None
    assert moved == int(moved) >= 1


def test_who_allows_more_false_alarms_sees_smaller_errors(flights: Flights) -> None:
    weekdays = np.array(weekdays_of(flights.reference.partitions))
    whole = flights.reference.ruler
    ruler, summaries = whole.only(["humidity"]), flights.reference.summaries
    moved = {
        budget: smallest_errors(summaries.only(whole, ["humidity"]), ruler, weekdays, budget)[
            "humidity", Injected.MOVED
        ]
        for budget in (5, 1000)
    }

    assert (moved[5] or np.inf) < (moved[1000] or np.inf)
