"""Tables that are wide, or hold names that never come again: what is checked stays right."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.domain.judge import judge
from core.domain.partition import days_before
from core.domain.verdict import Basis, Severity, Verdict
from functions.arrays import Batch, NumberColumn, Sized, WordColumn
from functions.flows.checking.history import History
from functions.flows.checking.measure import measure
from functions.ml.checking.reference import Day, closed, learn
from tests.builders import a_config

DAYS = 10
BASIS = Basis.REFERENCE
WIDE = [f"c{number:04}" for number in range(2000)]
NAMES_A_DAY = 5_000


def name(day: int) -> str:
    return days_before("2013-01-01", -day)


class Learned:
    """A table of which some days are learned."""

    def __init__(self, days: Sequence[Batch], rows: int, kinds: Mapping[str, str]) -> None:
        self._rows = rows
        self._config = a_config(columns={of: {"type": kind} for of, kind in kinds.items()})
        learned = {name(at): Day([Sized(day, rows)], 0.0) for at, day in enumerate(days)}
        self._reference = learn(learned, kinds)

    def verdict(self, batch: Batch) -> Verdict:
        """Check the day that comes next."""
        reference = self._reference
        summary = closed(
            Day([Sized(batch, self._rows)], 0.0), reference.ruler, reference.known
        ).summary
        history = History(reference.partitions, reference.summaries, reference.known, {}, {})
        day = name(len(reference.partitions))
        return judge(measure(self._config, day, summary, history, reference.ruler)[1], BASIS)


def wide(day: int) -> dict[str, NumberColumn]:
    values = np.random.default_rng(day).normal(size=(len(WIDE), 50))
    return {column: NumberColumn(row) for column, row in zip(WIDE, values, strict=True)}


def test_of_two_thousand_columns_the_broken_one_is_blamed_and_no_other() -> None:
    learned = Learned([wide(day) for day in range(DAYS)], 50, dict.fromkeys(WIDE, "number"))
    assert learned.verdict(wide(DAYS)).severity is Severity.OK

    found = learned.verdict({**wide(DAYS), "c1234": NumberColumn(np.full(50, np.nan))})

    assert [blame.column for blame in found.blamed] == ["c1234"]


def identifiers(day: int) -> WordColumn:
    words = [f"{day * NAMES_A_DAY + number:08}" for number in range(NAMES_A_DAY)]
    return WordColumn(np.arange(NAMES_A_DAY), words)


def test_a_hundred_thousand_identifiers_that_never_come_again_are_usual() -> None:
    days: list[Batch] = [{"number": identifiers(day)} for day in range(20)]
    learned = Learned(days, NAMES_A_DAY, {"number": "category"})
    same = WordColumn(np.zeros(NAMES_A_DAY, dtype=np.int64), ["unknown"])

    assert learned.verdict({"number": identifiers(20)}).severity is Severity.OK
    assert [of.column for of in learned.verdict({"number": same}).blamed] == ["number"]
