import pytest

from core.domain.continuation import goes_on
from core.domain.finding import Finding, Kind
from core.domain.judge import judge
from core.domain.verdict import Basis, Verdict


def finding(column: str = "distance", kind: Kind = Kind.MEAN, seen: float = 5.0) -> Finding:
    return Finding(column=column, kind=kind, score=2.0, seen=seen, usual=(1.0, 2.0))


def verdict(*findings: Finding) -> Verdict:
    return judge(findings, Basis.REFERENCE)


def is_more_of(later: Verdict, earlier: Verdict) -> bool:
    return goes_on(later, earlier.error_class, earlier.blamed)


MOVED = verdict(finding(), finding("air_time"))
NULLS = verdict(Finding(column="distance", kind=Kind.NULLS, score=2, seen=0.1, usual=(0, 0)))


@pytest.mark.parametrize(
    "later",
    [MOVED, verdict(finding()), verdict(finding(kind=Kind.SHAPE)), verdict(finding(seen=9))],
)
def test_the_same_columns_that_moved_the_same_way_go_on(later: Verdict) -> None:
    assert is_more_of(later, MOVED)


@pytest.mark.parametrize(
    "later",
    [
        verdict(finding(), finding("carrier")),
        verdict(finding(seen=0.1)),
        NULLS,
        verdict(finding(kind=Kind.MISSING)),
        verdict(),
    ],
    ids=["another column", "the other way", "a worse class", "a hard error", "nothing"],
)
def test_anything_else_is_new(later: Verdict) -> None:
    assert not is_more_of(later, MOVED)


def test_another_error_of_the_same_column_and_class_is_new() -> None:
    zeros = Finding(column="distance", kind=Kind.ZEROS, score=2, seen=0.1, usual=(0, 0))

    assert is_more_of(NULLS, NULLS)
    assert not is_more_of(verdict(zeros), NULLS)


def test_nothing_goes_on_with_an_alert_that_blames_nothing() -> None:
    assert not is_more_of(MOVED, verdict())
