"""What a click on a version's card would come to, so that it offers nothing that is refused."""

from core.domain.base import Record
from core.domain.challenge import Challenge, ChallengeState, Prospects
from core.domain.errors import Unknown
from core.domain.parity import Parity
from core.domain.promises_kept import PromisesKept
from core.domain.serving import Serving
from core.flows.permit import config_of
from core.flows.slo_standing import standing_now
from core.ports import Ports


def as_it_stands(subject: Record, ports: Ports) -> Record:
    """Return what a card is about, and of a version what would come of a click in it now."""
    return with_prospects(subject, ports) if isinstance(subject, Challenge) else subject


def with_prospects(challenge: Challenge, ports: Ports) -> Challenge:
    """Look up what others say of a version that serves or could; else there is nothing to click.

    Who decides about a promotion, also one as an exception, sees what earlier ones have brought.
    What only shows when an artefact is read, and who may, is said after the click.
    """
    is_champion = challenge.state is ChallengeState.CHAMPION
    if not (is_champion or challenge.is_challenging):
        return challenge
    try:
        config = config_of(challenge.model, ports)
    except Unknown:  # nobody watches it any more
        return challenge
    standing = standing_now(config, ports)
    serving = ports.records.get(Serving, challenge.model)
    champion = serving.champion if serving else None
    prospects = Prospects(
        slo=standing.sentence(config) if standing else None,
        is_frozen=standing is not None and standing.is_spent,
        differing=None if is_champion else _differing(challenge, ports),
        is_stale=champion is not None and challenge.against != champion,
    )
    seen = challenge.with_prospects(prospects)
    is_to_be_decided = challenge.state is ChallengeState.READY or challenge.exception is not None
    kept = ports.records.get(PromisesKept, challenge.model) if is_to_be_decided else None
    return seen.remembering(kept.sentences) if kept else seen


def _differing(challenge: Challenge, ports: Ports) -> str | None:
    """Say where scoring reads other rows than training did, as `refuse_other_paths` does."""
    parity = ports.records.get(Parity, Parity.id_of(challenge.model, challenge.version))
    return None if parity is None or parity.is_same else parity.sentence
