import numpy as np
import pytest

from core.adapters.slack.evidence_lines import evidence_lines
from core.domain.challenge import Challenge
from core.domain.evidence import Evidence
from core.domain.evidence_shown import EvidenceShown
from tests.builders import NOON, a_challenge
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

WIDEST = 32  # characters of a code block that the smallest phones do not wrap


def said(evidence: Evidence) -> str:
    return evidence_lines(EvidenceShown.of(evidence))


def plot(evidence: Evidence) -> list[str]:
    return said(evidence).split("```")[1].splitlines()


def steady(mean: float, days: int) -> Evidence:
    return evidence_of([some_differences(day, mean) for day in range(days)])


@pytest.mark.parametrize("mean", [-0.3, -0.001, 0.0, 0.001, 0.3])
@pytest.mark.parametrize("days", [0, 1, 3, 10, 40])
def test_each_claim_has_one_line_that_no_phone_wraps(mean: float, days: int) -> None:
    lines = plot(steady(mean, days))

    claims = [line[:8].rstrip() for line in lines]
    assert claims == ["better", "no worse", "worse", "futile"]
    assert max(map(len, lines)) <= WIDEST
    assert len({line.index(" of 20") for line in lines if " of 20" in line}) <= 1


def test_bars_rise_with_the_evidence_and_only_what_is_shown_fills_one() -> None:
    better, no_worse, worse, _ = plot(steady(0.0015, 6))

    bars = no_worse.split()[2]
    assert list(bars) == sorted(bars)
    assert "█" in bars
    assert no_worse.endswith("shown")
    assert "█" not in better.split()[1]
    assert worse.split()[1] == "▁" * 6


def test_of_many_days_ten_bars_are_left_and_the_last_is_of_today() -> None:
    shown = EvidenceShown.of(steady(0.0002, 37))

    track = shown.claims[1].track
    assert len(track) == 10
    now = shown.claims[1].log_e / np.log(20)
    assert track[-1] == pytest.approx(min(max(now, 0.0), 1.0), abs=0.006)


def test_it_says_when_it_decides() -> None:
    words = said(evidence_of([some_differences(0, 0.0)] * 4))

    assert "Undecided after 2,000 pairs of 4 days; decides in about " in words
    assert " more pairs)." in words


def test_it_says_that_it_cannot_say_when() -> None:
    assert "when it decides cannot be said yet" in said(steady(0.0, 1))


def test_it_says_what_was_decided_and_up_to_when_that_is_known() -> None:
    words = said(steady(0.02, 2))

    assert "Decided: it is better. 1,000 pairs of 2 days so far, known up to 2013-02-02." in words


def test_it_says_which_guard_it_waits_for() -> None:
    terms = guarded_terms("AA")
    better, sure = some_differences(1, 0.02), flips(3000, 20, 20)

    booked = a_cohort(0, better, sure, np.zeros(12), terms=terms)
    words = said(no_evidence(terms, before=alike(0.02)).booking([booked], NOON))

    assert "Still to be shown to be no worse:\n• AA, 12 pairs so far" in words


def test_it_names_the_guard_that_is_violated() -> None:
    terms = guarded_terms("AA")
    hurt = some_differences(2, -0.06)

    booked = a_cohort(0, some_differences(1, 0.02), np.zeros(500), hurt, terms=terms)
    words = said(no_evidence(terms).booking([booked], NOON))

    assert "Decided: it is worse." in words
    assert "Worse by more than the margin: `AA`." in words


def test_it_warns_where_a_claim_does_not_hold_on_average() -> None:
    new, then = some_differences(1, 0.02), some_differences(2, -0.02)

    words = said(evidence_of([new, new, *[then] * 6]))

    assert "Decided: it is better." in words
    assert "Over all pairs on average it is not so (e-value 0.1)" in words


def test_what_was_shown_has_no_number_that_may_lie_below_the_limit_by_now() -> None:
    new, then = some_differences(1, 0.02), some_differences(2, -0.02)

    better = plot(evidence_of([new, new, *[then] * 6]))[0]

    assert better.split()[::2] == ["better", "shown"]


def test_it_says_that_days_hang_together_and_what_that_costs_a_promotion() -> None:
    by_weeks = [0.006, -0.006]
    days = [some_differences(day, by_weeks[day // 5 % 2]) for day in range(20)]

    words = said(evidence_of(days, before=alike(-0.006)))
    each_of_its_own = said(evidence_of([some_differences(d, by_weeks[d % 2]) for d in range(20)]))

    assert "times for a promotion, since days resemble those before them." in words
    assert "so rows count for less." in each_of_its_own
    assert "resemble" not in each_of_its_own


def test_it_says_from_when_on_it_counts_where_the_terms_changed() -> None:
    anew = steady(0.0, 3).under(some_terms(margin=0.01), NOON)

    assert "Counts from after 2013-02-03, when the config changed what is tested." in said(anew)


def test_a_card_that_carries_it_is_read_as_it_was_written() -> None:
    card = a_challenge().with_evidence(EvidenceShown.of(steady(0.001, 5)))

    assert Challenge.model_validate_json(card.model_dump_json()) == card
    assert len(card.model_dump_json()) < 4000
