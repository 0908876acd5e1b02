"""Let a freshly trained version in: into shadow, or into the queue."""

from core.domain.challenge import Challenge, ChallengeState
from core.domain.challenge_of_version import challenge_of
from core.domain.errors import Busy
from core.domain.evaluation import Evaluation
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.served import Served
from core.domain.serving import MOST_QUEUED, Serving
from core.domain.version import Version
from core.flows.lineage import made_of
from core.flows.permit import config_of
from core.flows.servable import fallback_health
from core.flows.stand import Said, moved, standing_of
from core.flows.telling import announced, wake
from core.flows.velocity import velocity
from core.ports import Ports, Write, changed, new

_ATTEMPTS = 5


def propose(version: Version, evaluation: Evaluation, ports: Ports) -> Challenge:
    """Let a trained version stand for promotion, on the evidence of its evaluation.

    Raises:
        Unknown: no config was ever applied for this model.
        Busy: others kept moving the same pointer.
    """
    channel = config_of(version.manifest.model, ports).channel
    known = {
        "made_of": made_of(version, ports),
        "never_mattered": velocity(version.manifest.model, ports).never_mattered,
    }
    challenge = challenge_of(version, evaluation, channel)
    return propose_challenge(challenge.model_copy(update=known), ports)


def propose_challenge(challenge: Challenge, ports: Ports) -> Challenge:
    """Let a version in and post its card; once, however often it is called.

    The first version of a model becomes its champion at once: there is nothing to compare it with.
    The next one predicts in shadow; while another one does, it waits in the queue, and an older one
    that waits there with the same config gives it its place: one idea at a time.

    Raises:
        Busy: others kept moving the same pointer.
    """
    for _ in range(_ATTEMPTS):
        known = ports.records.get(Challenge, challenge.id)
        if known is not None:
            return known
        proposed, writes = _proposal(challenge, ports)
        if ports.records.commit(*writes):
            wake(proposed, proposed.channel, ports)
            return proposed
    raise Busy


def _proposal(challenge: Challenge, ports: Ports) -> tuple[Challenge, list[Write]]:
    stored = ports.records.get(Serving, challenge.model)
    before = stored or Serving(id=challenge.model)
    older = _to_replace(before, challenge, ports)
    after = before.proposing(challenge.version, instead_of=older)
    proposed = _placed(challenge, before, after, ports)
    machine, now = Person.machine(), ports.now()

    writes = [changed(after) if stored else new(after), new(proposed)]
    writes += announced(proposed, proposed.channel, machine, _what(proposed), ports)
    if before.champion is None:
        writes.append(new(Served.since_now(after, machine, "first version", now)))
    if older is not None and older not in after.standing:
        what = f"let {proposed.name}, which is newer, have its place in the queue"
        said = {older: Said(what, ChallengeState.REPLACED)}
        writes += moved(before, after, said, machine, ports)
    return proposed, writes


def _placed(challenge: Challenge, before: Serving, after: Serving, ports: Ports) -> Challenge:
    standing = standing_of(after, challenge.version)
    if standing is None:
        raise ValueError("a proposed version has a place")
    against = challenge.against or before.champion  # one that could not be loaded is still replaced
    proposed = challenge.model_copy(update={"against": against})
    if before.champion is not None:
        fallback = fallback_health(before.id, challenge.version, before.champion, ports)
        proposed = proposed.falling_back(fallback)
    return proposed.standing(standing.state, 0.0, ports.now()).waiting_at(standing.place)


def _what(proposed: Challenge) -> str:
    if proposed.state is ChallengeState.CHAMPION:
        return "serves as the first version"
    if proposed.waits_at is None:
        return "trained it; it predicts in shadow"
    return f"trained it; it waits at place {proposed.waits_at} of the queue"


def _to_replace(serving: Serving, challenge: Challenge, ports: Ports) -> VersionId | None:
    """Name the queued version with the same config; the last one of a queue that is full."""
    for queued in serving.queue:
        waiting = ports.records.get(Challenge, Challenge.id_of(challenge.model, queued))
        if waiting and waiting.config_hash and waiting.config_hash == challenge.config_hash:
            return queued
    return serving.queue[-1] if len(serving.queue) >= MOST_QUEUED else None
