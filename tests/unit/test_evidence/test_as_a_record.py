"""Evidence as a record: small, read as it was written, refused where it cannot be true."""

import numpy as np
import pytest
from pydantic import ValidationError

from core.adapters.document import stored_form
from core.domain.evidence import Claim, Evidence
from functions.ml.judging.betting import weigh
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
from tests.unit.test_evidence.days import DAYS

MOST_BYTES = 400_000  # of an item of DynamoDB


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
