"""Rows of one day share weather: evidence counts them for less where days differ."""

from core.domain.days import Days
from core.domain.evidence import Claim
from tests.compared import alike, evidence_of, some_differences, some_terms


def test_where_days_differ_more_than_by_chance_rows_count_for_less() -> None:
    means = [0.02, -0.012, 0.019, -0.011, 0.02, -0.01, 0.021, -0.012]
    days = [some_differences(day, mean) for day, mean in enumerate(means)]
    alike = [some_differences(day, 0.0044) for day in range(len(means))]

    assert evidence_of(alike, before=Days()).decision == "gain"
    assert evidence_of(days, before=Days()).decision == "undecided"
    assert (evidence_of(days, before=Days()).standing.excess or 0) > 10


def test_a_gain_that_comes_and_goes_by_weeks_is_none_though_each_week_is_sure_of_it() -> None:
    means = [0.012 * (-1) ** (day // 7) for day in range(21)]
    days = [some_differences(day, mean) for day, mean in enumerate(means)]

    now = evidence_of(days, before=alike(-0.012)).standing

    week = [some_differences(day, 0.012) for day in range(7)]
    assert evidence_of(week, before=alike(0.012)).decision == "gain"
    assert (now.excess_for(Claim.GAIN) or 0) > 3 * (now.excess or 0)
    assert now.decision == "undecided"


def test_a_canary_in_a_feedback_loop_goes_by_its_own_days() -> None:
    terms = some_terms(has_feedback_loop=True, canary_shares=(0.3,))
    gains = [some_differences(day, 0.01) for day in range(5)]

    assert evidence_of(gains, terms, before=alike(-0.01)).decision == "gain"


def test_a_gain_that_only_the_validation_days_had_not_is_waited_for_and_a_loss_is_not() -> None:
    gains = [some_differences(day, 0.01) for day in range(3)]
    loses = [some_differences(day, -0.01) for day in range(3)]

    assert evidence_of(gains, before=alike(0.01)).decision == "gain"
    assert evidence_of(gains, before=alike(-0.01)).decision == "undecided"
    assert evidence_of(loses, before=alike(0.01)).decision == "harmful"


def test_nothing_is_shown_before_it_is_known_how_much_days_differ() -> None:
    days = [some_differences(day, 0.05) for day in range(5)]

    decisions = [evidence_of(days[:many], before=Days()).decision for many in range(1, 6)]

    assert decisions == ["undecided"] * 4 + ["gain"]
