import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.serving import Served, Serving
from core.domain.stage_refusals import (
    GateNotPassed,
    NothingToRollBackTo,
    NotTheChallenger,
    ServesAlready,
    StaleChampion,
    StillQueued,
)
from tests.builders import ADA, NOON
from tests.legal import problems_of, problems_of_move

A, B, C, D = (VersionId(f"ver_{letter}") for letter in "abcd")
SHARES = (0.05, 0.25)


def proposed(*versions: VersionId) -> Serving:
    serving = Serving(id="flights")
    for version in versions:
        serving = serving.proposing(version)
    return serving


def ready() -> Serving:
    return proposed(A, B).stepping_up(B, ())


def promoted() -> Serving:
    return ready().promoting(B, seen_champion=A)


def canary() -> Serving:
    return proposed(A, B, C).stepping_up(B, SHARES)


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


_OFTEN = ("propose", "step up", "step up")
moves = st.lists(
    st.tuples(
        st.sampled_from([*_OFTEN, *_OFTEN, "kill", "promote", "except", "roll back", "release"]),
        st.sampled_from(["ready", "canary", "canary", "challenger", "queue", "anybody"]),
        st.integers(0, 7),
    ),
    min_size=30,
    max_size=50,
)


def meant(serving: Serving, where: str, known: list[VersionId], number: int) -> VersionId:
    """Find who stands there, else anybody who is known."""
    on_stage = {
        "ready": serving.ready,
        "canary": serving.canary,
        "challenger": serving.challenger,
        "queue": serving.queue[number % len(serving.queue)] if serving.queue else None,
    }
    return on_stage.get(where) or known[number % len(known)]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([(), SHARES]), moves)
def test_no_order_of_moves_leads_to_an_illegal_state(
    shares: tuple[float, ...], made: list[tuple[str, str, int]]
) -> None:
    serving, known, ended = proposed(A), [A], set[VersionId]()
    for move, where, number in made:
        before, version = serving, meant(serving, where, known, number)
        try:
            if move == "propose":
                version = VersionId(f"ver_{len(known)}")
                serving = serving.proposing(version)
                known.append(version)
            elif move == "step up":
                serving = serving.stepping_up(version, shares)
            elif move == "kill":
                serving = serving.killing(version)
                ended.add(version)
            elif move in {"promote", "except"}:
                serving = serving.promoting(
                    version,
                    seen_champion=serving.champion,
                    is_exception=move == "except",
                    held_back=0.1 * (number % 2),
                )
                assert serving.champion == version
            elif move == "roll back":
                to = serving.earlier[number % len(serving.earlier)] if serving.earlier else version
                serving = serving.rolling_back(to=to, seen_champion=serving.champion)
                ended |= {before.champion or to, *before.earlier[before.earlier.index(to) + 1 :]}
            else:
                serving = serving.releasing_guard()
        except Refusal:
            assert serving == before
        assert problems_of(serving) == []
        assert problems_of_move(before, serving) == []
        assert ended.isdisjoint(serving.standing)
        assert {*known} == {*serving.standing, *serving.earlier, *ended}
