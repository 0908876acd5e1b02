"""Roll back to the version that last served healthily: no gate, one person, one transaction."""

from core.domain.access import Verb
from core.domain.challenge import Challenge, ChallengeState
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import NothingToRollBackTo, Served, Serving
from core.flows.change import change
from core.flows.permit import permit
from core.flows.promote import decided
from core.flows.telling import wake
from core.ports import Ports, Write, new


def rollback(model: str, *, seen_champion: VersionId | None, by: Person, ports: Ports) -> Serving:
    """Let the previous version serve again.

    Args:
        model: which model.
        seen_champion: the version to be rid of, as the person saw it; `None` for whichever serves.
        by: who decided.
        ports: the outside world.

    Raises:
        Unknown: no config was ever applied for this model.
        NotAllowed: the person may not.
        NothingToRollBackTo: no earlier version served.
        StaleChampion: the champion changed since the person looked.
    """
    config = permit(Verb.ROLL_BACK, by, model, ports)
    if ports.records.get(Serving, model) is None:
        raise NothingToRollBackTo(model)

    def step(serving: Serving) -> tuple[Serving, list[Write]]:
        moved = serving.rolling_back(seen_champion=seen_champion)
        writes = [new(Served.since_now(moved, by, "rolled back", ports.now()))]
        for version, state, what in (
            (serving.champion, ChallengeState.ROLLED_BACK, "rolled it back"),
            (moved.champion, ChallengeState.CHAMPION, "brought it back by a rollback"),
            (serving.challenger, ChallengeState.REPLACED, "rolled back what it was compared with"),
        ):
            if version is not None:
                writes += decided(Challenge.id_of(model, version), state, what, by, ports)
        return moved, writes

    moved = change(Serving, model, step, ports)
    wake(moved, config.channel, ports)
    return moved
