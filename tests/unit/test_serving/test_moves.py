"""Which moves of the pointer there are, and which are refused."""

import pytest

from core.domain.served import Served
from core.domain.stage_refusals import (
    GateNotPassed,
    NothingToRollBackTo,
    NotTheChallenger,
    ServesAlready,
    StaleChampion,
    StillQueued,
)
from tests.builders import ADA, NOON
from tests.unit.test_serving.pointers import SHARES, A, B, C, D, canary, promoted, proposed, ready


def test_the_first_version_serves_at_once() -> None:
    first = proposed(A)

    assert (first.champion, first.challenger) == (A, None)


def test_one_version_predicts_in_shadow_and_the_others_queue_in_their_order() -> None:
    waiting = proposed(A, B, C, D)

    assert (waiting.challenger, waiting.queue) == (B, (C, D))
    assert (waiting.place_in_queue(C), waiting.place_in_queue(D)) == (1, 2)
    assert waiting.place_in_queue(B) is None


def test_a_newer_version_may_take_the_place_of_an_older_one_in_the_queue() -> None:
    waiting = proposed(A, B, C).proposing(D, instead_of=C)

    assert waiting.queue == (D,)


def test_a_version_that_has_a_place_cannot_be_given_another_one() -> None:
    with pytest.raises(ValueError, match="has, or had, a place"):
        proposed(A, B, C).proposing(C)


def test_without_a_canary_in_the_config_a_version_is_ready_straight_from_shadow() -> None:
    assert (ready().ready, ready().challenger, ready().canary) == (B, B, None)


def test_a_canary_goes_through_its_shares_one_after_the_other_and_then_is_ready() -> None:
    first = canary()
    second = first.stepping_up(B, SHARES)
    third = second.stepping_up(B, SHARES)

    assert [first.canary_share, second.canary_share, third.canary_share] == [0.05, 0.25, 0.25]
    assert [first.ready, second.ready, third.ready] == [None, None, B]
    assert third.stepping_up(B, SHARES) == third


def test_who_becomes_the_canary_leaves_the_shadow_to_the_next_of_the_queue() -> None:
    assert (canary().canary, canary().challenger, canary().queue) == (B, C, ())


def test_only_one_version_at_a_time_is_the_canary() -> None:
    assert canary().stepping_up(C, SHARES) == canary()


def test_a_version_without_a_stage_cannot_step_up() -> None:
    with pytest.raises(NotTheChallenger):
        proposed(A, B).stepping_up(C, SHARES)


def test_a_promotion_is_refused_while_the_gate_is_not_passed() -> None:
    with pytest.raises(GateNotPassed, match="b has not passed its gate"):
        proposed(A, B).promoting(B, seen_champion=A)


def test_an_exception_passes_over_the_gate() -> None:
    moved = proposed(A, B).promoting(B, seen_champion=A, is_exception=True)

    assert moved.champion == B


def test_a_promotion_is_refused_when_the_champion_is_not_the_one_the_person_saw() -> None:
    with pytest.raises(StaleChampion, match="it was c, now it is a"):
        ready().promoting(B, seen_champion=C)


def test_only_a_challenger_can_be_promoted() -> None:
    with pytest.raises(NotTheChallenger):
        ready().promoting(C, seen_champion=A)


def test_what_waits_in_the_queue_is_no_exception_either() -> None:
    with pytest.raises(StillQueued, match="at place 1 of the queue"):
        proposed(A, B, C).promoting(C, seen_champion=A, is_exception=True)


def test_a_promotion_clicked_twice_moves_the_pointer_once() -> None:
    with pytest.raises(ServesAlready):
        promoted().promoting(B, seen_champion=A)


def test_after_a_promotion_the_next_of_the_queue_enters_shadow() -> None:
    moved = proposed(A, B, C, D).stepping_up(B, ()).promoting(B, seen_champion=A)

    assert (moved.challenger, moved.queue, moved.ready) == (C, (D,), None)


def test_when_the_version_in_shadow_is_promoted_the_canary_goes_back_there() -> None:
    moved = canary().promoting(C, seen_champion=A, is_exception=True)

    assert (moved.champion, moved.challenger) == (C, B)
    assert (moved.canary, moved.canary_share) == (None, 0)


def test_when_the_champion_changes_nobody_stands_for_promotion_any_more() -> None:
    both = proposed(A, B, C).stepping_up(B, SHARES[:1]).stepping_up(B, SHARES[:1])
    assert both.ready == B

    assert both.promoting(C, seen_champion=A, is_exception=True).ready is None
    again = promoted().proposing(C).stepping_up(C, ())
    assert again.ready == C
    assert again.rolling_back(to=A, seen_champion=B).ready is None


def test_a_rollback_brings_back_what_served_before() -> None:
    back = promoted().rolling_back(to=A, seen_champion=B)

    assert (back.champion, back.previous, back.guard) == (A, None, None)


def test_a_rollback_ends_the_canary_and_leaves_shadow_and_queue() -> None:
    serving = promoted().proposing(C).proposing(D).stepping_up(C, SHARES)

    back = serving.rolling_back(to=A, seen_champion=B)

    assert (back.champion, back.canary, back.canary_share) == (A, None, 0)
    assert (back.challenger, back.queue) == (D, (C,))


def test_a_rollback_passes_over_what_served_in_between() -> None:
    third = promoted().proposing(C).stepping_up(C, ()).promoting(C, seen_champion=B)

    back = third.rolling_back(to=A, seen_champion=C)

    assert (back.champion, back.earlier) == (A, ())


def test_a_rollback_of_a_version_that_no_longer_serves_is_refused() -> None:
    with pytest.raises(StaleChampion):
        promoted().rolling_back(to=A, seen_champion=C)


def test_there_is_no_way_back_from_the_first_version() -> None:
    with pytest.raises(NothingToRollBackTo, match="No earlier version of `flights` has served"):
        proposed(A, B).rolling_back(to=None, seen_champion=None)


def test_who_is_killed_leaves_its_place_to_the_next_of_the_queue() -> None:
    assert proposed(A, B, C).killing(B).challenger == C
    assert proposed(A, B, C).killing(C).queue == ()
    assert ready().killing(B).ready is None
    assert (canary().killing(B).canary, canary().killing(B).canary_share) == (None, 0)


def test_the_champion_is_rolled_back_and_not_killed() -> None:
    with pytest.raises(ServesAlready):
        promoted().killing(B)
    with pytest.raises(NotTheChallenger):
        promoted().killing(A)


def test_the_version_in_view_is_the_one_that_has_come_furthest() -> None:
    assert proposed(A).in_view is None
    assert proposed(A, B).in_view == B
    assert canary().in_view == B
    assert ready().in_view == B


def test_the_history_names_the_version_and_a_retry_writes_the_same_line() -> None:
    line = Served.since_now(proposed(A, B), ADA, "first version", NOON)

    assert line == Served.since_now(proposed(A, B), ADA, "first version", NOON)
    assert (line.version, line.by) == (A, ADA.id)
