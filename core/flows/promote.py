"""Promote the challenger: one transaction moves the pointer if it is what the person saw."""

from contextlib import suppress

from core.domain.access import Verb
from core.domain.challenge import Challenge, ChallengeState
from core.domain.errors import Busy, Unknown
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import Served, Serving
from core.flows.change import change
from core.flows.close_ideas import close_ideas
from core.flows.permit import permit
from core.flows.telling import told, wake
from core.ports import Ports, Write, changed, new


def promote(
    model: str,
    version: VersionId,
    *,
    seen_champion: VersionId | None,
    by: Person,
    ports: Ports,
) -> Serving:
    """Make the challenger the champion; its card, and that of the one it replaces, say so.

    Raises:
        Unknown: the model has no versions.
        NotAllowed: the person may not.
        NeedsSecondPerson: the person asked for this version and the config wants another one.
        NotTheChallenger: the version no longer stands for promotion.
        StaleChampion: the champion changed since the person looked.
    """
    config = permit(Verb.PROMOTE, by, model, ports)
    challenge = ports.records.get(Challenge, Challenge.id_of(model, version))
    if challenge is None:
        raise Unknown("version", version)
    if config.access.promotion_needs_second_person:
        challenge.refuse_author(by)

    def step(serving: Serving) -> tuple[Serving, list[Write]]:
        moved = serving.promoting(version, seen_champion=seen_champion)
        writes = [new(Served.since_now(moved, by, "promoted", ports.now()))]
        writes += decided(challenge.id, ChallengeState.CHAMPION, "promoted it", by, ports)
        if serving.champion is not None:
            loser, what = Challenge.id_of(model, serving.champion), f"promoted {challenge.name}"
            writes += decided(loser, ChallengeState.DETHRONED, f"{what} in its place", by, ports)
        return moved, writes

    moved = change(Serving, model, step, ports)
    with suppress(Busy):  # the hourly run answers what somebody is changing just now
        close_ideas(ports, model)
    wake(moved, config.channel, ports)
    return moved


def decided(
    challenge_id: str, state: ChallengeState, what: str, by: Person, ports: Ports
) -> list[Write]:
    """Return the writes by which a version's card says what became of it."""
    challenge = ports.records.get(Challenge, challenge_id)
    if challenge is None:
        return []
    after = challenge.decided(state, by, ports.now())
    return [changed(after), *told(after, after.channel, by, what, ports)]
