"""People, evidence and schedules move versions at once, on stale cards, and twice: nothing breaks.

Each move may be overtaken by another one in the moment between its reading and its writing.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.domain.base import Record
from core.domain.challenge import Challenge, ChallengeState
from core.domain.errors import Refusal
from core.domain.evidence import Decision
from core.domain.ids import VersionId
from core.domain.served import Served
from core.domain.serving import Serving
from core.flows.advance import advance
from core.flows.ask_exception import ask_exception
from core.flows.kill import kill
from core.flows.promote import approve_exception, promote
from core.flows.propose import propose_challenge
from core.flows.rollback import rollback
from core.flows.stand import standing_of
from core.ports import Ports, R, Records, Write
from tests.builders import ADA, GRACE, a_challenge, a_config
from tests.legal import problems_of, problems_of_move
from tests.staged import some_evidence, store_version
from tests.watched_model import WatchedModel

ENDS = {
    ChallengeState.HARMFUL,
    ChallengeState.FUTILE,
    ChallengeState.KILLED,
    ChallengeState.REPLACED,
    ChallengeState.DETHRONED,
    ChallengeState.ROLLED_BACK,
}
_OFTEN = ("propose", "advance")
VERBS = (*_OFTEN, *_OFTEN, "promote", "promote", "kill", "except", "roll back")
_A_SECOND, _A_DAY = timedelta(seconds=1), timedelta(days=1)
DECISIONS: tuple[Decision, ...] = ("gain", "gain", "refresh", "harmful", "futile", "undecided")


@dataclass(frozen=True)
class Move:
    """What somebody does about a version, having seen some champion."""

    verb: str
    target: str
    """Where the version stands that is meant: on a stage, or anywhere."""
    number: int
    """Which one, of those anywhere, and which config, of a new version."""
    is_stale: bool
    """Whether the card, or the evidence, is about another champion than the one that serves."""
    decision: Decision
    is_twice: bool


@dataclass
class Stage:
    """One model whose pointer is moved about."""

    watched: WatchedModel
    known: list[VersionId] = field(default_factory=list)

    def does(self, move: Move, ports: Ports) -> None:
        """Make one move; what is refused is refused."""
        with suppress(Refusal):
            self._verb(move)(ports)
            if move.is_twice:
                self._verb(move)(ports)

    def _verb(self, move: Move) -> Callable[[Ports], object]:
        serving = self.watched.serving()
        version = self._version(move, serving)
        seen = self.known[move.number % len(self.known)] if move.is_stale else serving.champion
        days = 1 + 20 * move.number // 10
        evidence = some_evidence(version, seen or "", move.decision, days=days)
        verbs: dict[str, Callable[[Ports], object]] = {
            "propose": lambda ports: self.propose(ports, config=str(move.number % 4)),
            "advance": lambda ports: advance(evidence, ports),
            "kill": lambda ports: self.kill(version, ports),
            "promote": lambda ports: self.promote(version, seen, ports),
            "except": lambda ports: self.promote_anyway(version, seen, ports),
            "roll back": lambda ports: rollback("flights", seen_champion=seen, by=ADA, ports=ports),
        }
        return verbs[move.verb]

    def _version(self, move: Move, serving: Serving) -> VersionId:
        on_stage = {
            "in view": serving.in_view,
            "shadow": serving.challenger,
            "queue": serving.queue[-1] if serving.queue else None,
            "guard": serving.guard,
        }
        return on_stage.get(move.target) or self.known[move.number % len(self.known)]

    def propose(self, ports: Ports, config: str) -> None:
        """Train a version of one of a few configs, compared with what serves."""
        version = VersionId(f"ver_{len(self.known)}")
        serving = ports.records.get(Serving, "flights")
        store_version(version, ports)
        against = serving.champion if serving else None
        propose_challenge(a_challenge(version, against=against, config_hash=config), ports)
        self.known.append(version)

    def promote(self, version: VersionId, seen: VersionId | None, ports: Ports) -> None:
        """Promote a version, which only ever replaces the champion that was seen."""
        after = promote("flights", version, seen_champion=seen, by=ADA, ports=ports)
        assert (after.champion, after.guard, after.previous) == (version, seen, seen)

    def promote_anyway(self, version: VersionId, seen: VersionId | None, ports: Ports) -> None:
        """Promote a version as an exception: one person asks, another one approves."""
        ask_exception("flights", version, reason="It is urgent.", by=GRACE, ports=ports)
        approve_exception("flights", version, seen_champion=seen, by=ADA, ports=ports)

    def kill(self, version: VersionId, ports: Ports) -> None:
        """Kill a version, which has no place from then on."""
        after = kill("flights", version, ADA, ports)
        assert standing_of(after, version) is None
        assert self.challenge(version).state is ChallengeState.KILLED

    def challenge(self, version: VersionId) -> Challenge:
        """Read what is known of a version."""
        found = self.watched.ports.records.get(Challenge, Challenge.id_of("flights", version))
        assert found is not None
        return found

    def is_legal(self) -> None:
        """Look at everything that is stored."""
        serving = self.watched.serving()
        for version in self.known:
            challenge, standing = self.challenge(version), standing_of(serving, version)
            if standing is None:
                assert challenge.state in ENDS
                assert challenge.waits_at is None
                assert challenge.canary_share == 0
            else:
                assert challenge.state is standing.state
                assert challenge.waits_at == standing.place
                assert challenge.canary_share == standing.share
        served = self.watched.ports.records.query(Served, "served:flights")
        assert served[-1].version == serving.champion
        assert all(one.version != other.version for one, other in pairwise(served))
        assert all(one.since < other.since for one, other in pairwise(served))
        assert {*serving.earlier} <= {line.version for line in served}


@dataclass
class JudgedRecords:
    """A record store that judges every commit by which the pointer moves, whoever makes it."""

    stored: Records

    def get(self, kind: type[R], record_id: str) -> R | None:
        """See Records."""
        return self.stored.get(kind, record_id)

    def query(self, kind: type[R], listing: str, **how: Any) -> list[R]:
        """See Records."""
        return self.stored.query(kind, listing, **how)

    def commit(self, *writes: Write) -> bool:
        """See Records."""
        before = self.stored.get(Serving, "flights")
        is_done = self.stored.commit(*writes)
        if is_done:
            self._judge(before or Serving(id="flights"), [write.record for write in writes])
        return is_done

    @staticmethod
    def _judge(before: Serving, written: list[Record]) -> None:
        after = next((record for record in written if isinstance(record, Serving)), before)
        if after is not before:
            assert problems_of(after) == []
            assert problems_of_move(before, after) == []
        served = [record.version for record in written if isinstance(record, Served)]
        assert served == ([after.champion] if after.champion != before.champion else [])


moves = st.builds(
    Move,
    verb=st.sampled_from(VERBS),
    target=st.sampled_from(
        ["in view", "in view", "in view", "shadow", "queue", "guard", "anywhere"]
    ),
    number=st.integers(0, 9),
    is_stale=st.sampled_from([False, False, False, True]),
    decision=st.sampled_from(DECISIONS),
    is_twice=st.booleans(),
)
stages = st.sampled_from(
    [
        {},
        {"canary_shares": (0.05, 0.25)},
        {"canary_shares": (0.5,), "has_feedback_loop": True, "rolls_back_by_itself": True},
    ]
)


@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink so long a walk takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
@given(stages, st.lists(st.tuples(moves, st.none() | moves), min_size=30, max_size=40))
def test_no_order_of_moves_leaves_an_illegal_state_behind(
    config: dict[str, object], made: list[tuple[Move, Move | None]]
) -> None:
    with TemporaryDirectory() as folder:
        watched = WatchedModel(Path(folder), a_config(stages=config))
        judged = JudgedRecords(watched.ports.records)
        watched.ports = replace(watched.ports, records=judged, now=_ticking(watched))
        stage = Stage(watched)
        for config_hash in "0123":
            stage.propose(watched.ports, config_hash)
        for move, quicker in made:
            ports = watched.ports
            if quicker is not None:
                ports = watched.while_overtaken_by(_doing(stage, quicker))
            watched.now += _A_DAY
            stage.does(move, ports)
            stage.is_legal()


def _ticking(watched: WatchedModel) -> Callable[[], datetime]:
    """No two things happen at the same moment."""

    def now() -> datetime:
        watched.now += _A_SECOND
        return watched.now

    return now


def _doing(stage: Stage, move: Move) -> Callable[[], None]:
    return lambda: stage.does(move, stage.watched.ports)
