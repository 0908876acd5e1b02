"""Roll back to the version that last served healthily: no gate, one person, one transaction."""

from core.domain.access import Verb
from core.domain.challenge import ChallengeState
from core.domain.ids import VersionId
from core.domain.model_config import StoredConfig
from core.domain.person import Person
from core.domain.served import Served
from core.domain.serving import Serving
from core.domain.stage_refusals import NothingToRollBackTo, StaleChampion, short
from core.domain.version import Version
from core.flows.change import change
from core.flows.follow_up import follow_up
from core.flows.permit import permit
from core.flows.servable import why_not_servable
from core.flows.stand import Said, moved
from core.ports import Ports, Write, new


def rollback(model: str, *, seen_champion: VersionId | None, by: Person, ports: Ports) -> Serving:
    """Let the last version serve again that can; overrides and fallback are those of its config.

    Versions whose artefact is gone are passed over, and its card says so.

    Args:
        model: which model.
        seen_champion: the version to be rid of, as the person saw it; `None` for whichever serves.
        by: who decided.
        ports: the outside world.

    Raises:
        Unknown: no config was ever applied for this model.
        NotAllowed: the person may not.
        NothingToRollBackTo: no earlier version served, or none of them can serve.
        StaleChampion: the champion changed since the person looked.
    """
    config = permit(Verb.ROLL_BACK, by, model, ports)
    if ports.records.get(Serving, model) is None:
        raise NothingToRollBackTo(model)

    def step(serving: Serving) -> tuple[Serving, list[Write]]:
        if seen_champion is not None and serving.champion != seen_champion:
            raise StaleChampion(seen=seen_champion, actual=serving.champion)
        to, passed_over = _last_servable(serving, ports)
        after = serving.rolling_back(to=to, seen_champion=seen_champion)
        how = f" Passed over: {' '.join(passed_over)}" if passed_over else ""
        said = {to: Said(f"brought it back by a rollback{_overrides(to, ports)}.{how}")}
        if serving.champion is not None:
            what = f"rolled it back; {short(to)} serves again"
            said[serving.champion] = Said(what, ChallengeState.ROLLED_BACK)
        writes: list[Write] = [new(Served.since_now(after, by, "rolled back", ports.now()))]
        return after, writes + moved(serving, after, said, by, ports)

    after = change(Serving, model, step, ports)
    follow_up(after, config.channel, ports)
    return after


def _last_servable(serving: Serving, ports: Ports) -> tuple[VersionId, list[str]]:
    passed_over: list[str] = []
    for version in reversed(serving.earlier):
        why = why_not_servable(serving.id, version, ports)
        if why is None:
            return version, passed_over
        passed_over.append(f"`{short(version)}`: {why}")
    raise NothingToRollBackTo(serving.id, passed_over)


def _overrides(version_id: VersionId, ports: Ports) -> str:
    """Say if what the version's config says beside the model cannot come back with it."""
    version = ports.records.get(Version, version_id)
    if version and ports.records.get(StoredConfig, version.manifest.config_hash):
        return ""
    return "; its config is not stored, so overrides and fallback stay those in force"
