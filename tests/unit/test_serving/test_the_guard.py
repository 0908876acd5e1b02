"""After a promotion the old champion guards the new one."""

import pytest

from core.domain.serving import Serving
from core.domain.stage_refusals import NotTheChallenger
from tests.unit.test_serving.pointers import SHARES, A, B, C, canary, promoted, proposed


def test_the_old_champion_guards_the_new_one_from_shadow() -> None:
    assert (promoted().guard, promoted().previous) == (A, A)
    assert promoted().in_shadow == (A,)
    assert promoted().releasing_guard().in_shadow == ()


def held_back() -> Serving:
    return canary().stepping_up(B, SHARES[:1]).promoting(B, seen_champion=A, held_back=0.1)


def test_a_guard_with_a_share_serves_it_and_predicts_in_no_shadow() -> None:
    guarded = held_back()

    assert (guarded.champion, guarded.guard) == (B, A)
    assert (guarded.canary, guarded.canary_share) == (A, 0.1)
    assert guarded.holds_back
    assert guarded.in_shadow == (C,)
    assert guarded.standing == (B, A, C)
    assert guarded.in_view == C


def test_a_guard_draws_other_entities_than_it_served_as_a_canary() -> None:
    was_canary = proposed(A, B).stepping_up(B, SHARES)
    now_guards = (
        was_canary.stepping_up(B, SHARES[:1])
        .promoting(B, seen_champion=A, held_back=0.1)
        .proposing(C)
        .promoting(C, seen_champion=B, held_back=0.1, is_exception=True)
    )

    assert (was_canary.canary, now_guards.canary) == (B, B)
    assert was_canary.drawn_by != now_guards.drawn_by


def test_while_a_guard_has_a_share_the_next_version_waits_for_its_own() -> None:
    assert held_back().stepping_up(C, SHARES) == held_back()

    freed = held_back().releasing_guard()
    assert (freed.canary, freed.canary_share, freed.guard) == (None, 0, None)
    assert freed.stepping_up(C, SHARES).canary == C


def test_a_guard_with_a_share_is_neither_killed_nor_promoted() -> None:
    with pytest.raises(NotTheChallenger):
        held_back().killing(A)
    with pytest.raises(NotTheChallenger):
        held_back().promoting(A, seen_champion=B, is_exception=True)


def test_a_rollback_or_the_next_promotion_takes_the_share_of_the_guard_back() -> None:
    back = held_back().rolling_back(to=A, seen_champion=B)
    assert (back.champion, back.canary, back.canary_share, back.challenger) == (A, None, 0, C)

    on = held_back().promoting(C, seen_champion=B, is_exception=True)
    assert (on.champion, on.guard, on.canary, on.in_shadow) == (C, B, None, (B,))
