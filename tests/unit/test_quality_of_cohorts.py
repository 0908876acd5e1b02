import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quality_of_cohorts import (
    both_predicted,
    quality_of,
    served_quality,
    version_quality,
)
from tests.unit.cohorts import A, B, cohort, of_number, outcome


def test_each_row_counts_as_much_as_any_other() -> None:
    quality = quality_of([("2013-02-08", outcome(A, 30, 0.1)), ("2013-02-07", outcome(A, 10, 0.5))])

    assert quality is not None
    assert (quality.partitions, quality.rows) == (2, 40)
    assert quality.brier == pytest.approx(0.2)
    assert quality.accuracy == pytest.approx(0.8)
    assert quality.known_up_to == "2013-02-08"


def test_errors_of_numbers_are_put_together_as_if_all_rows_were_of_one_partition() -> None:
    quality = quality_of(
        [("2013-02-07", of_number(A, 30, 2.0, 3.0)), ("2013-02-08", of_number(A, 10, 6.0, 7.0))]
    )

    assert quality is not None
    assert quality.mean_absolute_error == pytest.approx((30 * 2 + 10 * 6) / 40)
    assert quality.root_mean_squared_error == pytest.approx(((30 * 9 + 10 * 49) / 40) ** 0.5)
    assert (quality.brier, quality.accuracy) == (None, None)


def test_only_what_is_measured_like_the_newest_counts() -> None:
    classes, minutes = outcome(A, 10, 0.1), of_number(A, 20, 2.0, 3.0, unit="min")
    hours = of_number(A, 30, 0.5, 0.6, unit="h")

    quality = quality_of([("2013-02-09", hours), ("2013-02-07", classes), ("2013-02-08", minutes)])

    assert quality is not None
    assert (quality.partitions, quality.rows, quality.unit) == (1, 30, "h")


def test_a_partition_without_labels_counts_for_nothing() -> None:
    assert quality_of([("2013-02-08", outcome(A, 0, 0.0))]) is None

    quality = quality_of([("2013-02-08", outcome(A, 0, 0.0)), ("2013-02-07", outcome(A, 9, 0.5))])

    assert quality is not None
    assert (quality.partitions, quality.known_up_to) == (1, "2013-02-07")


@given(st.lists(st.tuples(st.integers(1, 1000), st.floats(0, 1)), min_size=1, max_size=30))
def test_the_whole_lies_between_the_best_and_the_worst_part(parts: list[tuple[int, float]]) -> None:
    turned = [("2013-02-08", outcome(A, rows, brier)) for rows, brier in parts]

    quality = quality_of(turned)

    assert quality is not None
    assert quality.brier is not None
    low, high = min(brier for _, brier in parts), max(brier for _, brier in parts)
    assert low - 1e-9 <= quality.brier <= high + 1e-9


def test_a_version_counts_where_it_predicted_and_what_was_served_counts_everywhere() -> None:
    cohorts = [
        cohort("2013-02-07", outcome(A, 10, 0.1), outcome(B, 10, 0.3)),
        cohort("2013-02-08", outcome(B, 10, 0.5)),
    ]

    served, of_b = served_quality(cohorts), version_quality(cohorts, B)

    assert served is not None
    assert of_b is not None
    assert served.brier == pytest.approx(0.3)
    assert of_b.brier == pytest.approx(0.4)


def test_two_versions_are_compared_on_the_very_same_rows_only() -> None:
    pair = cohort("2013-02-07", outcome(A, 10, 0.1), outcome(B, 10, 0.3))
    alone = cohort("2013-02-08", outcome(A, 10, 0.1))
    fewer = cohort("2013-02-09", outcome(A, 10, 0.1), outcome(B, 10, 0.3, predicted=90))

    assert both_predicted([pair, alone, fewer], challenger=B, champion=A) == [pair]
