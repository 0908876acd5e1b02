import pytest

from core.domain.cohort import Cohort
from core.domain.partition import days_before
from core.domain.slo_config import Slo
from core.domain.slo_of_cohorts import standing_of
from tests.unit.cohorts import A, B, cohort, of_number, outcome

ACCURATE = Slo(metric="accuracy", at_least=0.8)


def days(*briers: float, labelled: int = 100) -> list[Cohort]:
    return [
        cohort(days_before("2013-01-01", -day), outcome(A, labelled, brier))
        for day, brier in enumerate(briers)
    ]


def test_each_cohort_is_judged_by_what_was_served() -> None:
    served_well = [
        one.model_copy(update={"outcomes": (*one.outcomes, outcome(B, 100, 0.9))})
        for one in days(*[0.1] * 12)
    ]

    found = standing_of(ACCURATE, served_well, None)

    assert (found.cohorts, found.bad, found.known_up_to) == (12, 0, "2013-01-12")


def test_a_canarys_rows_count_as_it_served_them() -> None:
    spoiled = [
        one.model_copy(update={"as_served": outcome(A, 100, 0.9)}) for one in days(*[0.1] * 12)
    ]

    assert standing_of(ACCURATE, spoiled, None).bad == 12


@pytest.mark.parametrize(
    "slo",
    [
        ACCURATE,
        Slo(metric="proper_score", at_most=0.2),
        Slo(metric="log_loss", at_most=0.2),
    ],
)
def test_every_metric_of_classes_tells_a_good_day_from_a_bad_one(slo: Slo) -> None:
    found = standing_of(slo, days(0.1, 0.3, 0.1), None)

    assert (found.cohorts, found.newest_bad) == (3, ("2013-01-02",))


@pytest.mark.parametrize(
    "slo",
    [
        Slo(metric="mean_absolute_error", at_most=13),
        Slo(metric="root_mean_squared_error", at_most=17),
        Slo(metric="proper_score", at_most=0.1),
    ],
)
def test_every_metric_of_a_number_is_judged(slo: Slo) -> None:
    known = [cohort("2013-01-01", of_number(A, 50, 12.0, 16.0))]

    assert standing_of(slo, known, None).cohorts == 1
    assert standing_of(slo, known, None).bad == 0


def test_a_cohort_with_few_labels_is_neither_good_nor_bad() -> None:
    assert standing_of(ACCURATE, days(0.9, labelled=29), None).cohorts == 0
    assert standing_of(ACCURATE, days(0.9, labelled=30), None).bad == 1


def test_what_is_measured_in_another_way_than_the_newest_does_not_count() -> None:
    slo = Slo(metric="proper_score", at_most=0.2)
    of_hours = cohort("2013-01-09", of_number(A, 50, 1.0, 2.0, unit="h"))

    assert standing_of(slo, [*days(0.1, 0.3), of_hours], None).cohorts == 1


def test_a_metric_that_was_not_kept_is_not_judged() -> None:
    slo = Slo(metric="mean_absolute_error", at_most=1)

    assert standing_of(slo, days(0.1), None).cohorts == 0


def test_a_kpi_counts_as_it_was_booked_by_the_expression_in_force() -> None:
    slo = Slo(metric="kpi", at_least=10)
    of_old, good, bad, no_value = (
        one.model_copy(
            update={
                "outcomes": (
                    one.served.model_copy(update={"kpi": value, "kpi_expression": expression}),
                )
            }
        )
        for one, value, expression in zip(
            days(0.1, 0.1, 0.1, 0.1),
            (3.0, 12.0, 9.0, None),
            ("rows / 2", "rows", "rows", "rows"),
            strict=True,
        )
    )

    found = standing_of(slo, [of_old, good, bad, no_value], "rows")

    assert (found.cohorts, found.newest_bad) == (2, (bad.partition,))
