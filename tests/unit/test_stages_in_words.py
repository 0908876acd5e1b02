import pytest
from pydantic import ValidationError

from core.domain.promises_kept import PromisesKept
from core.domain.shown import shown
from core.domain.stages_config import Stages
from core.flows.tripwire import broken_promise
from tests.staged import some_evidence

PROMISED = (0.002, 0.01, 0.018)


def guarding(mean: float, spread: float = 0.1, pairs: int = 900, days: int = 1) -> str | None:
    evidence = some_evidence("ver_a", "ver_b", "undecided", days, day=(mean, pairs, spread))
    return broken_promise(evidence, PROMISED, margin=0.002)


def test_a_promise_is_broken_when_chance_and_margin_cannot_explain_it() -> None:
    # The guard gained 0.02 a row: live -0.02, standard error 0.1 / sqrt(900) = 0.0033.
    assert guarding(0.02) == (
        "its gain was to be +0.0100 a row, at least +0.0020, and is -0.0200 over its first 900 rows"
    )


def test_a_promise_that_is_missed_by_less_than_the_margin_is_kept() -> None:
    assert guarding(-0.0001, spread=0.0) is None
    assert guarding(0.0001, spread=0.0) is not None


def test_a_promise_is_judged_on_enough_rows_of_the_first_days_only() -> None:
    assert guarding(0.02, pairs=99) is None
    assert guarding(0.02, days=4) is None


def test_where_nothing_was_promised_nothing_is_broken() -> None:
    evidence = some_evidence("ver_a", "ver_b", "gain")

    assert broken_promise(evidence, None, margin=0.002) is None


def test_what_was_brought_is_kept_for_the_last_promotions_the_newest_first() -> None:
    kept = PromisesKept(id="flights")
    for number in range(7):
        evidence = some_evidence(f"ver_{number}", f"ver_{number + 1}", "harmful", days=1)
        kept = kept.noting(0.01 if number else None, evidence)

    assert [promise.version for promise in kept.promises] == [f"ver_{n}" for n in (7, 6, 5, 4, 3)]
    assert kept.sentences[0] == "`7`: offline +0.0100, live so far +0.0200 on 1 cohort"


def test_the_same_promotion_is_kept_once_with_what_is_known_last() -> None:
    first = some_evidence("ver_a", "ver_b", "harmful", days=1)

    kept = PromisesKept(id="flights").noting(None, first)
    kept = kept.noting(None, some_evidence("ver_a", "ver_b", "undecided", days=2))

    assert kept.sentences == ("`b`: offline unknown, live so far +0.0000 on 2 cohorts",)


def test_evidence_is_said_with_its_size_and_its_limit() -> None:
    assert shown(some_evidence("ver_b", "ver_a", "gain", days=1)) == (
        "it is better: +0.0200 a row over 500 rows of 1 cohort (e-value 927.9, from 20 "
        "on it counts)"
    )
    assert "e-value above a million" in shown(some_evidence("ver_b", "ver_a", "gain", days=9))
    assert shown(some_evidence("ver_b", "ver_a", "gain", days=0)) == "nothing is shown yet"


@pytest.mark.parametrize("shares", [(0.2, 0.1), (0.1, 0.1)])
def test_the_shares_of_a_canary_rise(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError, match="each has to be larger than the one before"):
        Stages(canary_shares=shares)


def test_a_feedback_loop_needs_a_canary() -> None:
    with pytest.raises(ValidationError, match="only a canary tells, so give canary_shares"):
        Stages(has_feedback_loop=True)
