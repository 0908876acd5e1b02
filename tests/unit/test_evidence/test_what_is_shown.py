"""Cohorts are booked in any order, and what they show together is decided once."""

from itertools import product
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.days import Days
from core.domain.evidence import Claim
from core.domain.standing import Standing
from core.domain.terms import terms_of
from tests.builders import NOON, a_config
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
from tests.unit.test_evidence.days import DAYS, SURE


def test_before_any_cohort_nothing_is_shown() -> None:
    evidence = no_evidence()

    assert (evidence.decision, evidence.pairs, evidence.limit) == ("undecided", 0, 20)
    assert all(evidence.log_e(claim) == pytest.approx(0.0) for claim in Claim)


@given(st.permutations(range(6)), st.integers(1, 5))
def test_cohorts_may_be_booked_in_any_order_and_in_any_batches(order: list[int], cut: int) -> None:
    booked = [a_cohort(day, DAYS[day]) for day in order]

    in_batches = no_evidence().booking(booked[:cut], NOON).booking(booked[cut:], NOON)

    assert in_batches == evidence_of(DAYS)


def test_the_same_cohort_again_changes_nothing() -> None:
    evidence = evidence_of(DAYS)

    assert evidence.has("2013-02-03", "b")
    assert evidence.booking([a_cohort(2, DAYS[2])], NOON) == evidence


def test_corrected_labels_take_the_place_of_the_earlier_ones_exactly() -> None:
    wrong = no_evidence().booking(
        [a_cohort(day, -DAYS[day] if day == 2 else DAYS[day]) for day in range(6)], NOON
    )

    corrected = wrong.booking([a_cohort(2, DAYS[2])], NOON)

    assert wrong.log_e(Claim.GAIN) != corrected.log_e(Claim.GAIN)
    assert corrected == evidence_of(DAYS)


@pytest.mark.parametrize(
    ("mean", "decision"),
    [(0.01, "gain"), (-0.01, "harmful"), (0.0, "refresh")],
)
def test_what_is_true_is_decided(mean: float, decision: str) -> None:
    assert evidence_of([some_differences(day, mean) for day in range(30)]).decision == decision


def test_what_cannot_gain_enough_is_futile_where_a_refresh_is_not_shown_first() -> None:
    terms = some_terms(margin=0.001, least_gain=0.004)

    evidence = evidence_of([some_differences(day, 0.0) for day in range(12)], terms)

    assert evidence.decision == "futile"


def test_a_clear_gain_is_not_called_a_refresh_although_that_is_shown_earlier() -> None:
    days = [some_differences(day, 0.006) for day in range(20)]

    story = evidence_of(days).story

    first = next(now for now in story if Claim.REFRESH in now.shown)
    assert (first.decision, Claim.GAIN in first.shown) == ("undecided", False)
    assert story[-1].decision == "gain"


def test_clear_harm_is_not_called_a_small_gain_although_that_is_shown_earlier() -> None:
    days = [some_differences(day, -0.006) for day in range(20)]

    story = evidence_of(days).story

    first = next(now for now in story if Claim.FUTILE in now.shown)
    assert (first.decision, Claim.HARMFUL in first.shown) == ("undecided", False)
    assert story[-1].decision == "harmful"


def test_once_decided_later_cohorts_do_not_take_it_back() -> None:
    good, bad = some_differences(1, 0.02), some_differences(2, -0.02)

    evidence = evidence_of([good, good, *[bad] * 10], before=alike(0.02))

    assert evidence.decision == "gain"
    assert evidence.gained < 0


def test_harm_that_is_shown_together_with_a_gain_comes_first() -> None:
    both = a_cohort(0, some_differences(1, 0.02))
    growth = both.main.growth | {Claim.HARMFUL: both.main.growth[Claim.GAIN]}
    booked = both.model_copy(update={"main": both.main.model_copy(update={"growth": growth})})

    assert no_evidence().booking([booked], NOON).decision == "harmful"


def test_a_promotion_waits_until_every_guard_is_shown_to_be_no_worse() -> None:
    terms = guarded_terms("AA")
    better = some_differences(1, 0.02)
    nothing, enough = np.zeros(20), np.zeros(1500)

    began = no_evidence(terms, before=alike(0.02))
    waits = began.booking([a_cohort(0, better, SURE, nothing, terms=terms)], NOON)
    passes = waits.booking([a_cohort(1, better, SURE, enough, terms=terms)], NOON)

    assert waits.shows(Claim.GAIN)
    assert (waits.decision, waits.standing.held) == ("undecided", ("decision",))
    assert (passes.decision, passes.standing.held) == ("gain", ("decision", "AA"))


def test_a_version_that_hurts_a_protected_slice_is_harmful_whatever_it_gains() -> None:
    terms = guarded_terms("AA")
    better, hurt = some_differences(1, 0.02), some_differences(2, -0.06)

    began = no_evidence(terms, before=alike(0.02))
    evidence = began.booking([a_cohort(0, better, SURE, hurt, terms=terms)], NOON)

    assert evidence.shows(Claim.GAIN)
    assert (evidence.decision, evidence.standing.violated) == ("harmful", ("AA",))


def test_guards_share_alpha_for_the_kill() -> None:
    one, several = guarded_terms(), guarded_terms("AA", "B6", "UA")

    assert exp(one.log_limit_of_a_breach) == pytest.approx(20)
    assert exp(several.log_limit_of_a_breach) == pytest.approx(80)


def test_a_gain_in_losses_that_makes_decisions_worse_is_not_promoted() -> None:
    terms = guarded_terms()
    better, worse = some_differences(1, 0.02), flips(1500, 20, 90)

    evidence = no_evidence(terms).booking([a_cohort(0, better, worse, terms=terms)], NOON)

    assert (evidence.decision, evidence.standing.violated) == ("harmful", ("decision",))


def test_the_last_champion_has_no_guards_and_only_its_gain_is_decided() -> None:
    terms = terms_of(a_config(), "guard")

    worse = evidence_of([some_differences(day, -0.01) for day in range(30)], terms, trial="guard")
    better = evidence_of([some_differences(day, 0.01) for day in range(30)], terms, trial="guard")

    assert terms.guards == ()
    assert (worse.decision, worse.shows(Claim.HARMFUL)) == ("undecided", True)
    assert better.decision == "gain"


def test_the_watch_sees_a_change_after_weeks_in_which_all_was_well() -> None:
    well = [some_differences(day, -0.004) for day in range(30)]
    then = [some_differences(day, 0.01) for day in range(30, 36)]

    watched = evidence_of([*well, *then], terms_of(a_config(), "guard"), trial="guard")

    assert watched.decision == "gain"
    assert watched.standing.main.log_e(Claim.GAIN, watched.terms.bets[Claim.GAIN]) < 0, (
        "what was lost before outweighs it"
    )


def test_the_watch_expects_no_more_than_it_began_with() -> None:
    terms, total = some_terms("guard"), 0.0
    known_to_be_alike = Days(count=1000, squares=500, chance=500)
    for pairs in product((-1.0, 0.0, 1.0), repeat=5):
        now = Standing.at_first(terms, known_to_be_alike, is_on_watch=True)
        for day, pair in enumerate(pairs):
            now = now.after(a_cohort(day, np.array([pair]), terms=terms), terms)
        chance = 0.5 ** pairs.count(0.0) * 0.25 ** (5 - pairs.count(0.0))
        total += chance * exp(now.log_e(Claim.GAIN, terms.bets[Claim.GAIN]))

    assert total == pytest.approx(1.0, abs=1e-4)
