import numpy as np
import pytest

from core.domain.finding import ROWS, Kind
from core.domain.judge import judge
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from core.domain.reference import Reference
from core.domain.verdict import Basis, ErrorClass, Severity, Verdict
from functions.data.arrow_columns import Numbers, Words
from functions.data.partitions import PartitionArrays
from functions.flows.check_partition import measure
from functions.flows.reference_of import reference_of
from functions.flows.summarise import summarise
from tests.builders import a_config

FIRST = "2013-01-01"  # a Tuesday
CONFIG = a_config(
    columns={
        "distance": {"type": "number", "unit": "mi"},
        "carrier": {"type": "category"},
        "weekday": {"type": "number"},
    }
)


def name(day: int) -> str:
    return days_before(FIRST, -day)


def some_day(day: int, rows: int | None = None, seed: int = 0) -> PartitionArrays:
    """A day whose rows follow the week: fewer on Saturdays."""
    rng = np.random.default_rng([day, seed])
    count = rows or (600 if day % 7 == 4 else 900) + int(rng.integers(-10, 10))
    carriers = rng.multinomial(count, [0.5, 0.3, 0.2])
    return PartitionArrays(
        rows=count,
        duplicates=0,
        nameless=0,
        columns={
            "distance": Numbers(rng.normal(1000 + rng.normal(0, 20), 300, count), 0),
            "carrier": Words(dict(zip(["UA", "B6", "AA"], carriers.tolist(), strict=True)), 0),
            "weekday": Numbers(np.full(count, float(day % 7)), 0),
        },
        missing=(),
        mistyped={},
        unreadable=(),
    )


def learned(days: int = 28, config: ModelConfig = CONFIG) -> Reference:
    return reference_of(config, {name(day): some_day(day) for day in range(days)})


def verdict(
    arrays: PartitionArrays, day: int = 28, *, days: int = 28, config: ModelConfig = CONFIG
) -> Verdict:
    reference = learned(days, config)
    basis, findings = measure(summarise(name(day), arrays, config, reference), reference, config)
    return judge(findings, basis)


def with_column(arrays: PartitionArrays, **columns: Numbers | Words) -> PartitionArrays:
    changed = {**arrays.columns, **columns}
    return PartitionArrays(
        arrays.rows, arrays.duplicates, arrays.nameless, changed, (), {}, arrays.unreadable
    )


def distances(arrays: PartitionArrays) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    column = arrays.columns["distance"]
    assert isinstance(column, Numbers)
    return column.values


@pytest.mark.parametrize("day", range(28, 42))
def test_a_day_like_the_others_passes_also_a_short_saturday(day: int) -> None:
    assert verdict(some_day(day, seed=1), day).severity is Severity.OK


def test_kilometres_are_noticed_and_said_in_numbers() -> None:
    day = some_day(28)

    found = verdict(with_column(day, distance=Numbers(distances(day) * 1.609, 0)))

    assert found.error_class is ErrorClass.DRIFT
    assert found.blamed[0].column == "distance"
    assert found.blamed[0].sentence.startswith("`distance`: mean 1,5")


def test_a_few_nulls_are_a_soft_error() -> None:
    day = some_day(28)
    column = Numbers(distances(day)[45:], 45)

    found = verdict(with_column(day, distance=column))

    assert found.error_class is ErrorClass.SOFT
    assert found.blamed[0].sentence == "`distance`: 5.0 % missing, never before"


def test_a_column_that_became_constant_is_noticed() -> None:
    day = some_day(28)

    found = verdict(with_column(day, distance=Numbers(np.full(day.rows, 1000.0), 0)))

    assert "distance" in {blame.column for blame in found.blamed}


def test_another_mix_of_categories_is_drift() -> None:
    day = some_day(28)
    mix = Words({"UA": 100, "B6": 300, "AA": day.rows - 400}, 0)

    found = verdict(with_column(day, carrier=mix))

    assert found.error_class is ErrorClass.DRIFT
    assert "11 % `UA`, usually" in found.blamed[0].sentence


def test_a_truncated_day_is_a_hard_error() -> None:
    found = verdict(some_day(28, rows=300))

    assert found.error_class is ErrorClass.HARD
    assert found.blamed[0].column == ROWS
    assert found.blamed[0].sentence.startswith("300 rows, usually 89")


def test_a_saturday_with_the_rows_of_a_tuesday_is_noticed() -> None:
    assert verdict(some_day(32, rows=900), 32).blamed[0].column == ROWS


def test_what_is_one_value_a_day_is_not_compared_with_other_days() -> None:
    usual = learned().columns["weekday"].usual

    assert set(usual) == {Kind.NULLS}


def test_a_reference_of_few_days_judges_by_the_contract_only() -> None:
    day = some_day(28)
    kilometres = with_column(day, distance=Numbers(distances(day) * 1.609, 0))
    negative = with_column(day, distance=Numbers(-distances(day), 0))

    assert verdict(kilometres, days=6).basis is Basis.TOO_FEW_DAYS
    assert not verdict(kilometres, days=6).is_broken
    assert verdict(negative, days=6).error_class in {None, ErrorClass.HARD}


def test_a_reference_of_a_single_day_can_be_learned() -> None:
    assert verdict(some_day(28), days=1).basis is Basis.TOO_FEW_DAYS


def test_without_a_reference_only_what_is_plain_is_found() -> None:
    summary = summarise(name(3), some_day(3), CONFIG, None)

    basis, findings = measure(summary, None, CONFIG)

    assert (basis, findings) == (Basis.LEARNING, [])


def test_duplicate_keys_are_a_hard_error() -> None:
    day = some_day(28)
    doubled = PartitionArrays(day.rows, 30, 0, day.columns, (), {}, ())

    found = verdict(doubled)

    assert found.error_class is ErrorClass.HARD
    assert found.blamed[0].sentence.startswith("`flight_id`: 3.")


def test_rows_without_a_key_are_blamed_on_the_key() -> None:
    day = some_day(28)

    found = verdict(PartitionArrays(day.rows, 0, 20, day.columns, (), {}, ()))

    assert [blame.column for blame in found.blamed] == ["flight_id"]


def test_values_of_a_sensitive_column_are_in_no_summary_and_no_sentence() -> None:
    config = a_config(
        columns={name: column.model_dump() for name, column in CONFIG.columns.items()},
        sensitive=("carrier", "distance"),
    )
    reference = learned(config=config)
    day = some_day(28)
    moved = with_column(
        day,
        carrier=Words({"UA": 1, "AA": day.rows - 1}, 0),
        distance=Numbers(distances(day) * 1.609, 0),
    )

    summary = summarise(name(28), moved, config, reference)
    basis, findings = measure(summary, reference, config)
    found = judge(findings, basis)

    assert {blame.column for blame in found.blamed} == {"carrier", "distance"}
    assert not any("`AA`" in blame.sentence for blame in found.blamed)
    assert "mean" not in summary.columns["distance"].model_dump(exclude_none=True)
    assert '"UA"' not in summary.model_dump_json() + reference.model_dump_json()


def test_the_same_days_give_the_same_reference_in_any_order() -> None:
    days = {name(day): some_day(day) for day in range(14)}

    backwards = reference_of(CONFIG, dict(reversed(days.items())))

    assert backwards.model_dump_json() == reference_of(CONFIG, days).model_dump_json()


def test_a_reference_survives_being_stored() -> None:
    reference = learned()

    assert Reference.model_validate_json(reference.model_dump_json()) == reference
    assert len(reference.model_dump_json()) < 15_000


def test_bins_are_named_for_people() -> None:
    columns = learned().columns

    words = [columns["distance"].bin_in_words(index) or "" for index in (0, 5, 11)]
    assert [word.split()[0] for word in words] == ["below", "from", "from"]
    assert columns["carrier"].bin_in_words(0) == "`UA`"
    assert columns["carrier"].bin_in_words(3) == "in other categories"
    assert columns["weekday"].bin_in_words(2) is not None
