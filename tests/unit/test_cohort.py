from datetime import UTC, datetime

import pytest

from core.domain.cohort import labels_due, labels_overdue, matures_at
from core.domain.target import Target


def at(day: int) -> datetime:
    return datetime(2013, 2, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("delay_days", "due", "overdue"), [(0, 9, 9), (1, 9, 10), (2, 10, 12), (5, 13, 18)]
)
def test_labels_are_due_after_their_delay_but_never_before_their_partition_is_over(
    delay_days: int, due: int, overdue: int
) -> None:
    target = Target(column="late", delay_days=delay_days)

    assert labels_due("2013-02-08", target) == at(due)
    assert labels_overdue("2013-02-08", target) == at(overdue)


def test_a_cohort_with_enough_labels_is_mature_when_they_are_due() -> None:
    target = Target(column="late", delay_days=3, mature_share=0.9)

    assert matures_at("2013-02-08", target, 0.9) == at(11)


def test_a_cohort_with_too_few_labels_is_mature_when_no_more_are_waited_for() -> None:
    target = Target(column="late", delay_days=3, mature_share=0.9)

    assert matures_at("2013-02-08", target, 0.89) == at(14)
