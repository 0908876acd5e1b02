import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.serving import (
    NothingToRollBackTo,
    NotTheChallenger,
    Served,
    Serving,
    StaleChampion,
)
from tests.builders import ADA, NOON

A, B, C = VersionId("ver_a"), VersionId("ver_b"), VersionId("ver_c")


def challenged() -> Serving:
    return Serving(id="flights").challenged_by(A).challenged_by(B)


def test_the_first_version_serves_at_once() -> None:
    first = Serving(id="flights").challenged_by(A)

    assert (first.champion, first.challenger) == (A, None)


def test_a_promotion_is_refused_when_the_champion_is_not_the_one_the_person_saw() -> None:
    with pytest.raises(StaleChampion, match="it was c, now it is a"):
        challenged().promoting(B, seen_champion=C)


def test_only_the_challenger_can_be_promoted() -> None:
    with pytest.raises(NotTheChallenger):
        challenged().promoting(C, seen_champion=A)


def test_a_promotion_clicked_twice_moves_the_pointer_once() -> None:
    promoted = challenged().promoting(B, seen_champion=A)

    with pytest.raises(NotTheChallenger):
        promoted.promoting(B, seen_champion=A)


def test_a_rollback_brings_back_what_served_before() -> None:
    promoted = challenged().promoting(B, seen_champion=A)

    back = promoted.rolling_back(seen_champion=B)

    assert (back.champion, back.previous) == (A, None)


def test_a_rollback_of_a_version_that_no_longer_serves_is_refused() -> None:
    with pytest.raises(StaleChampion):
        challenged().rolling_back(seen_champion=B)


def test_there_is_no_way_back_from_the_first_version() -> None:
    with pytest.raises(NothingToRollBackTo, match="No earlier version of `flights` has served"):
        challenged().rolling_back(seen_champion=None)


def test_the_history_names_the_version_and_a_retry_writes_the_same_line() -> None:
    line = Served.since_now(challenged(), ADA, "first version", NOON)

    assert line == Served.since_now(challenged(), ADA, "first version", NOON)
    assert (line.version, line.by) == (A, ADA.id)


versions = st.sampled_from([A, B, C, VersionId("ver_d")])
moves = st.lists(st.tuples(st.sampled_from(["challenge", "promote", "roll back"]), versions))


@given(moves)
def test_no_order_of_moves_leaves_a_model_without_a_champion(
    made: list[tuple[str, VersionId]],
) -> None:
    serving = Serving(id="flights").challenged_by(A)
    served = [A]
    for move, version in made:
        try:
            if move == "challenge":
                serving = serving.challenged_by(version)
            elif move == "promote":
                serving = serving.promoting(version, seen_champion=serving.champion)
                served.append(version)
            else:
                serving = serving.rolling_back(seen_champion=serving.champion)
        except Refusal:
            continue
        assert serving.champion in served
        assert set(serving.earlier) <= set(served)
