"""No order of moves leads to a state that is not allowed."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.serving import Serving
from tests.legal import problems_of, problems_of_move
from tests.unit.test_serving.pointers import SHARES, A, proposed

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
