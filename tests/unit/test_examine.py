"""Days whose rows follow the week, measured beside the 28 days before them."""

from collections.abc import Mapping

import numpy as np
import pytest

from core.domain.finding import ROWS
from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from core.domain.origin import Nature, Origin, judge_origin
from core.domain.partition import days_before
from core.domain.verdict import Basis, ErrorClass, Severity, Verdict
from functions.arrays import Batch, Counts, Floats, NumberColumn, Sized, WordColumn
from functions.flows.checking.history import History
from functions.flows.checking.measure import measure
from functions.flows.checking.movement_of import movement_of
from functions.ml.checking.profile import profile_batch
from functions.ml.checking.reference import Day, closed, learn
from functions.ml.checking.summary import close
from tests.builders import a_config

FIRST = "2013-01-01"  # a Tuesday
CARRIERS = ("UA", "B6", "AA")
CONFIG = a_config(
    columns={
        "distance": {"type": "number", "unit": "mi"},
        "air_time": {"type": "number", "unit": "min"},
        "carrier": {"type": "category"},
        "weekday": {"type": "number"},
    }
)


class Rows:
    """A day's rows: fewer on Saturdays, the time in the air following the distance."""

    def __init__(self, day: int, rows: int | None = None) -> None:
        rng = np.random.default_rng([day, rows or 0])
        count = rows or (600 if day % 7 == 4 else 900) + int(rng.integers(-10, 10))
        self.distance = rng.normal(1000 + rng.normal(0, 20), 300, count)
        self.air_time = self.distance / 8 + rng.normal(0, 3, count)
        self.carrier: Counts = rng.choice(3, count, p=[0.5, 0.3, 0.2])
        self.weekday = np.full(count, float(day % 7))
        self.words: tuple[str, ...] = CARRIERS

    @property
    def sized(self) -> Sized:
        """As they are read."""
        batch: Batch = {
            "distance": NumberColumn(self.distance),
            "air_time": NumberColumn(self.air_time),
            "carrier": WordColumn(self.carrier, self.words),
            "weekday": NumberColumn(self.weekday),
        }
        return Sized(batch, len(self.distance))


def name(day: int) -> str:
    return days_before(FIRST, -day)


def verdict(  # noqa: PLR0913 - what a check knows
    rows: Rows,
    day: int = 28,
    *,
    days: int = 28,
    config: ModelConfig = CONFIG,
    duplicates: float = 0.0,
    past: Mapping[str, Rows] | None = None,
) -> Verdict:
    kinds = {column: of.type for column, of in config.columns.items()}
    before = past or {name(d): Rows(d) for d in range(days)}
    known = {name: Day([rows.sized], 0.0) for name, rows in before.items()}
    reference = learn(known, kinds, frozenset(config.sensitive))
    nothing = tuple(np.zeros(0, np.uint64) for _ in kinds)
    profile = profile_batch(rows.sized.batch, rows.sized.rows, reference.ruler)
    summary = close(profile, nothing, duplicates)
    history = History(reference.partitions, reference.summaries, nothing, {}, {})
    basis, findings = measure(config, name(day), summary, history, reference.ruler)
    return judge(findings, basis)


def origin(rows: Rows, day: int = 28) -> Origin | None:
    """Say where the difference of a day comes from."""
    kinds = {column: of.type for column, of in CONFIG.columns.items()}
    reference = learn({name(d): Day([Rows(d).sized], 0.0) for d in range(28)}, kinds)
    one = closed(Day([rows.sized], 0.0), reference.ruler, reference.known)
    history = History(reference.partitions, reference.summaries, reference.known, {}, {})
    what = (CONFIG, name(day), one.summary, history, reference.ruler)
    basis, findings = measure(*what)
    return judge_origin(judge(findings, basis), movement_of(*what, findings))


def some_null(values: Floats, share: float) -> Floats:
    return np.where(np.arange(len(values)) < share * len(values), np.nan, values)


@pytest.mark.parametrize("day", range(28, 42))
def test_a_day_like_the_others_passes_also_a_short_saturday(day: int) -> None:
    assert verdict(Rows(day), day).severity is Severity.OK


def test_values_that_lost_what_goes_with_them_are_told_with_the_column_that_has_it() -> None:
    rows = Rows(28)
    rows.air_time[:90] = np.nan
    with_nulls = {name(d): Rows(d) for d in range(28)}
    for past in with_nulls.values():
        past.distance[:200] = past.air_time[:200] = np.nan
    rows.distance[90:290] = rows.air_time[90:290] = np.nan

    told = verdict(rows, past=with_nulls).blamed[0]

    assert told.sentence == "`air_time`: 10.0 % (while `distance` is there) missing, never before"


def test_kilometres_are_noticed_and_said_in_numbers() -> None:
    rows = Rows(28)
    rows.distance = rows.distance * 1.609

    found = verdict(rows)

    assert found.error_class is ErrorClass.DRIFT
    assert found.blamed[0].column == "distance"
    assert found.blamed[0].sentence.startswith("`distance`: mean 1,5")


def test_a_few_nulls_are_a_soft_error() -> None:
    rows = Rows(28)
    rows.distance = some_null(rows.distance, 0.1)

    found = verdict(rows)

    assert found.error_class is ErrorClass.SOFT
    assert found.blamed[0].sentence == "`distance`: 10 % missing, never before"


def test_a_column_that_became_constant_is_a_hard_error() -> None:
    rows = Rows(28)
    rows.distance = np.full(len(rows.distance), 1000.0)

    found = verdict(rows)

    assert found.error_class is ErrorClass.HARD
    assert found.blamed[0].column == "distance"
    assert found.blamed[0].sentence.startswith("`distance`: 100 % hold much the same value")


def test_another_mix_of_categories_is_drift() -> None:
    rows = Rows(28)
    rows.carrier = np.where(rows.carrier == 0, 1, rows.carrier)

    found = verdict(rows)

    assert found.error_class is ErrorClass.DRIFT
    assert found.blamed[0].column == "carrier"


def test_categories_in_another_coding_are_noticed() -> None:
    rows = Rows(28)
    rows.words = ("ua", "b6", "aa")

    assert verdict(rows).blamed[0].column == "carrier"


def test_a_column_that_no_longer_follows_another_is_noticed_though_it_moved_little() -> None:
    rows = Rows(28)
    rows.air_time = np.random.default_rng(0).permutation(rows.air_time)

    found = verdict(rows)

    assert {blame.column for blame in found.blamed} == {"air_time", "distance"}
    assert "does not go with the other columns" in found.blamed[0].sentence


def test_a_column_that_left_the_others_comes_from_its_source() -> None:
    rows = Rows(28)
    rows.air_time = np.random.default_rng(0).permutation(rows.air_time)

    found = origin(rows)

    assert found is not None
    assert found.nature is Nature.UNNATURAL
    assert "no longer goes with the others" in found.why


def test_when_only_more_rows_came_that_is_what_is_said() -> None:
    found = origin(Rows(32, rows=900), 32)

    assert found is not None
    assert found.why.startswith("the number of rows changed, from one partition to the next")


def test_a_day_that_passes_has_no_origin() -> None:
    assert origin(Rows(28)) is None


def test_values_in_quite_other_units_are_named() -> None:
    rows = Rows(28)
    rows.distance[:5] = 1e7

    assert "10,000,000 mi" in verdict(rows).blamed[0].sentence


def test_a_truncated_day_is_a_hard_error() -> None:
    found = verdict(Rows(28, rows=300))

    assert found.error_class is ErrorClass.HARD
    assert found.blamed[0].column == ROWS
    assert found.blamed[0].sentence.startswith("300 rows, usually 6")


def test_a_saturday_with_the_rows_of_a_tuesday_is_noticed() -> None:
    assert verdict(Rows(32, rows=900), 32).blamed[0].column == ROWS


def test_a_copy_of_the_day_before_is_a_hard_error() -> None:
    rows = Rows(27)
    rows.weekday = np.full(len(rows.weekday), float(27 % 7))

    found = verdict(rows)

    assert found.error_class is ErrorClass.HARD
    assert found.blamed[0].sentence == "The partition is a copy of an earlier one"


def test_a_column_that_was_not_refreshed_is_a_hard_error() -> None:
    rows = Rows(28)
    rows.distance = np.resize(Rows(27).distance, len(rows.distance))

    found = verdict(rows)

    assert found.blamed[0].sentence == "`distance`: holds again what an earlier partition held"


def test_what_is_one_value_a_day_is_not_compared_with_other_days() -> None:
    assert "weekday" not in {blame.column for blame in verdict(Rows(33), 33).blamed}


def test_duplicate_keys_are_a_hard_error_of_the_key() -> None:
    found = verdict(Rows(28), duplicates=0.05)

    assert found.error_class is ErrorClass.HARD
    assert found.blamed[0].sentence == "`flight_id`: 5.0 % duplicates, never before"


@pytest.mark.parametrize("days", [1, 2, 6, 9])
def test_a_short_history_judges_by_the_contract_only(days: int) -> None:
    kilometres, negative = Rows(28), Rows(28)
    kilometres.distance = kilometres.distance * 1.609
    negative.air_time = -np.abs(negative.air_time)

    assert verdict(kilometres, days=days).basis is Basis.TOO_FEW_DAYS
    assert not verdict(kilometres, days=days).is_broken
    assert verdict(negative, days=days).error_class in {None, ErrorClass.HARD}


def test_values_of_a_sensitive_column_are_in_no_sentence() -> None:
    config = a_config(
        columns={name: column.model_dump() for name, column in CONFIG.columns.items()},
        sensitive=("carrier", "distance"),
    )
    rows = Rows(28)
    rows.distance = rows.distance * 1.609
    rows.carrier = np.zeros(len(rows.carrier), dtype=np.int64)

    found = verdict(rows, config=config)

    told = " ".join(blame.sentence for blame in found.blamed)
    assert {"carrier", "distance"} <= {blame.column for blame in found.blamed}
    assert "UA" not in told
    assert "1,6" not in told


def test_columns_that_the_config_made_sensitive_since_wait_for_the_next_training() -> None:
    rows = Rows(28)
    rows.distance = rows.distance * 1.609
    learned = learn(
        {name(d): Day([Rows(d).sized], 0.0) for d in range(28)},
        {column: of.type for column, of in CONFIG.columns.items()},
    )
    nothing = tuple(np.zeros(0, np.uint64) for _ in CONFIG.columns)
    summary = close(profile_batch(rows.sized.batch, rows.sized.rows, learned.ruler), nothing, 0.0)
    history = History(learned.partitions, learned.summaries, nothing, {}, {})
    now = CONFIG.model_copy(update={"sensitive": ("distance",)})

    _, before = measure(CONFIG, name(28), summary, history, learned.ruler)
    _, after = measure(now, name(28), summary, history, learned.ruler)

    assert any(finding.column == "distance" for finding in before)
    assert not any(finding.column == "distance" for finding in after)


def test_a_day_with_too_few_rows_is_judged_by_the_contract_only() -> None:
    alerts = CONFIG.alerts.model_copy(update={"minimum_rows": 1000})
    config = CONFIG.model_copy(update={"alerts": alerts})

    assert verdict(Rows(28), config=config).basis is Basis.TOO_FEW_ROWS
