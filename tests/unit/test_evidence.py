from datetime import timedelta
from itertools import product
from math import exp
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.adapters.document import stored_form
from core.domain.days import Days
from core.domain.evidence import Claim, Evidence
from core.domain.ids import VersionId
from core.domain.standing import Standing
from core.domain.terms import Terms, terms_of
from functions.ml.judging.betting import weigh
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

MOST_BYTES = 400_000  # of an item of DynamoDB
SURE = flips(3000, 20, 20)
DAYS = [some_differences(seed, mean=0.0002 * seed) for seed in range(6)]


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


def test_another_champion_or_stage_is_another_comparison() -> None:
    version, a, c = VersionId("ver_b"), VersionId("ver_a"), VersionId("ver_c")

    ids = {
        Evidence.id_of("flights", version, a),
        Evidence.id_of("flights", version, c),
        Evidence.id_of("flights", version, a, "canary"),
        Evidence.id_of("flights", version, a, "guard"),
    }

    assert len(ids) == 4


def test_other_terms_start_anew_with_the_cohorts_that_come_after() -> None:
    before, later = evidence_of(DAYS), NOON + timedelta(days=9)

    anew = before.under(some_terms(margin=0.01), later)

    assert (anew.pairs, anew.starts_after, anew.updated_at) == (0, "2013-02-06", later)
    assert anew.has("2013-02-06", "corrected"), "it does not count any more"
    assert not anew.has("2013-02-07", "b")
    again = anew.under(some_terms(margin=0.02), later)
    assert again.starts_after == "2013-02-06"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"alpha": 0.05}, {"alpha": 0.01}),
        ({"margin": 0.002}, {"margin": 0.003}),
        ({"least_gain": 0.001}, {"least_gain": 0.003}),
        ({"decision_margin": 0.01}, {"decision_margin": 0.02}),
        ({"has_feedback_loop": False}, {"has_feedback_loop": True}),
    ],
)
def test_whatever_is_tested_otherwise_is_other_terms(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    def terms(stages: dict[str, Any]) -> Terms:
        return some_terms(**{"canary_shares": [0.1], **stages})

    assert terms(one) == terms(one)
    assert terms(one) != terms(other)


def test_what_losses_mean_is_part_of_the_terms() -> None:
    target = {"column": "late", "delay_days": 1}
    number = target | {"task": "regression", "between": (0, 60)}
    kinds = target | {"task": "multiclass", "classes": ("early", "on time", "late")}
    configs = [
        a_config(),
        a_config(evaluation={"cut": 0.3}),
        a_config(target=number),
        a_config(target=number | {"between": (0, 90)}),
        a_config(target=kinds),
    ]

    assert len({terms_of(config, "shadow").measured for config in configs}) == len(configs)


@pytest.mark.parametrize("slices", [0, 5, 49])
def test_a_year_of_cohorts_fits_into_one_item(slices: int) -> None:
    terms = guarded_terms(*(f"protected slice {number}" for number in range(slices)))
    of_slice = some_differences(0, 0.0, pairs=30)
    guards = [flips(800, 12, 11), *[of_slice] * slices]
    year = [
        a_cohort(day, some_differences(day, 0.0001, pairs=800), *guards, terms=terms)
        for day in range(365)
    ]

    evidence = no_evidence(terms).booking(year[:300], NOON).booking(year[300:], NOON)

    assert len(stored_form(evidence).model_dump_json()) < 0.75 * MOST_BYTES
    assert evidence.standing.cohorts == 365
    assert evidence.pairs == 365 * 800


def test_what_is_no_longer_kept_apart_counts_as_before() -> None:
    terms = some_terms()
    days = [some_differences(day, 0.0003, pairs=50) for day in range(terms.most_apart + 40)]

    folded = evidence_of(days)

    assert len(folded.cohorts) == terms.most_apart
    whole = weigh(np.concatenate(days), terms.bets)
    assert folded.log_e(Claim.REFRESH) == pytest.approx(
        whole.log_e(Claim.REFRESH, terms.bets[Claim.REFRESH]), abs=1e-3
    )
    assert folded.has("2013-02-01", "b")
    assert folded.is_folded("2013-02-01")
    assert not folded.is_folded(folded.cohorts[0].partition)
    assert (
        folded.emptied(NOON)
        .booking([a_cohort(day, found) for day, found in enumerate(days)], NOON)
        .decision
        == folded.decision
    )


def test_what_was_decided_by_cohorts_that_are_no_longer_apart_stays_decided() -> None:
    terms = some_terms()
    good = [some_differences(day, 0.02) for day in range(3)]
    nothing = [some_differences(day, 0.0, pairs=20) for day in range(terms.most_apart)]

    assert evidence_of([*good, *nothing]).decision == "gain"


def test_a_stored_record_is_read_as_it_was_written() -> None:
    evidence = evidence_of(DAYS)

    assert Evidence.model_validate_json(evidence.model_dump_json()) == evidence


@pytest.mark.parametrize(
    ("what", "by"),
    [
        ('"gained":', '"gained":1'),
        ('"growth":{"gain":[', '"growth":{"gain":[1'),
        ('"pairs":500', '"pairs":5'),
        ('"gained":', '"gained":NaN,"was":'),
        ('"cohorts":[', '"cohorts":[{},'),
    ],
)
def test_a_record_that_no_pairs_can_have_given_is_not_read(what: str, by: str) -> None:
    document = evidence_of(DAYS).model_dump_json()
    at = document.index('"cohorts":[{')
    head, tail = document[:at], document[at:]
    assert what in tail

    with pytest.raises(ValidationError):
        Evidence.model_validate_json(head + tail.replace(what, by, 1))


@pytest.mark.parametrize(
    ("what", "by"),
    [
        ('"means":', '"means":3'),
        ('"products":[', '"products":[9'),
        ('"first":[', '"first":[5'),
        ('"first":[', '"first":[0.001,'),
        ('"count":7', '"count":0'),
    ],
)
def test_a_record_whose_days_cannot_have_been_is_not_read(what: str, by: str) -> None:
    document = evidence_of(DAYS, before=alike(0.01)).model_dump_json()
    assert what in document

    with pytest.raises(ValidationError):
        Evidence.model_validate_json(document.replace(what, by, 1))


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
