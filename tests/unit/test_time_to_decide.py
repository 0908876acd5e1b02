import numpy as np
import pytest

from core.domain.time_to_decide import Expected, expected
from functions.arrays import Floats
from tests.builders import NOON
from tests.compared import (
    a_cohort,
    alike,
    evidence_of,
    flips,
    guarded_terms,
    no_evidence,
    some_differences,
    some_terms,
)


def days(mean: float, many: int) -> list[Floats]:
    return [some_differences(day, mean) for day in range(many)]


def test_nothing_is_expected_before_three_cohorts() -> None:
    assert expected(evidence_of(days(0.001, 2))) is None
    assert expected(evidence_of(days(0.001, 3))) is not None


def test_what_is_decided_is_not_expected_any_more() -> None:
    assert expected(evidence_of(days(0.02, 3), before=alike(0.02))) is None


@pytest.mark.parametrize("mean", [0.004, 0.0, -0.001, -0.004])
def test_with_a_steady_effect_it_decides_on_the_day_that_was_foretold(mean: float) -> None:
    steady = [some_differences(0, mean)] * 60
    foretold = expected(evidence_of(steady[:3]))

    story = evidence_of(steady).story

    actual = next(i for i, now in enumerate(story) if now.decision != "undecided")
    assert foretold is not None
    assert 3 + foretold.days == pytest.approx(actual, abs=1)
    assert foretold.days == -(-foretold.pairs // 500)


def test_what_decides_in_years_is_not_foretold() -> None:
    terms = some_terms(margin=0.00001, least_gain=0.00001)

    assert expected(evidence_of(days(0.0, 5), terms)) is None


def test_cohorts_without_pairs_foretell_nothing() -> None:
    assert expected(evidence_of([np.empty(0)] * 5)) is None


@pytest.mark.parametrize(
    ("pairs_a_day", "is_later"),
    [(10, True), (300, False)],
)
def test_a_promotion_takes_as_long_as_its_slowest_guard(
    pairs_a_day: int,
    is_later: bool,  # noqa: FBT001 - a row of the table
) -> None:
    terms = guarded_terms("AA")

    def foretold(of_slice: Floats) -> Expected:
        cohorts = [
            a_cohort(day, some_differences(day, 0.003), flips(500, 20, 12), of_slice, terms=terms)
            for day in range(3)
        ]
        found = expected(no_evidence(terms).booking(cohorts, NOON))
        assert found is not None
        return found

    fast, slow = foretold(np.zeros(500)), foretold(np.zeros(pairs_a_day))

    assert (slow.pairs > fast.pairs) == is_later


def test_on_watch_only_a_gain_of_the_last_champion_is_awaited() -> None:
    def watched(mean: float) -> Expected | None:
        return expected(evidence_of(days(mean, 4), some_terms("guard"), trial="guard"))

    assert watched(-0.004) is None
    assert watched(0.003) is not None
