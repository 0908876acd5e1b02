"""Let a freshly trained version stand for promotion."""

from core.domain.challenge import Challenge, ChallengeState
from core.domain.challenge_of_version import challenge_of
from core.domain.errors import Busy
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import Served, Serving
from core.domain.version import Evaluation, Version
from core.flows.lineage import made_of
from core.flows.permit import config_of
from core.flows.telling import announced, told, wake
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
    """Make a version the challenger in shadow and post its card; once, however often it is called.

    The first version of a model becomes its champion at once: there is nothing to compare it with.
    A challenger that was waiting is replaced, and its card says so.

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
    after = before.challenged_by(challenge.version)
    is_first = before.champion is None
    state = ChallengeState.CHAMPION if is_first else ChallengeState.SHADOW
    against = challenge.against or before.champion  # one that could not be loaded is still replaced
    proposed = challenge.model_copy(update={"state": state, "against": against})
    machine, now = Person.machine(), ports.now()

    writes = [changed(after) if stored else new(after), new(proposed)]
    what = "serves as the first version" if is_first else "trained it; it predicts in shadow"
    writes += announced(proposed, proposed.channel, machine, what, ports)
    if is_first:
        writes.append(new(Served.since_now(after, machine, "first version", now)))
    elif before.challenger is not None:
        writes += _replaced(before.challenger, challenge.model, ports)
    return proposed, writes


def _replaced(version: VersionId, model: str, ports: Ports) -> list[Write]:
    waiting = ports.records.get(Challenge, Challenge.id_of(model, version))
    if waiting is None:
        return []
    machine = Person.machine()
    replaced = waiting.decided(ChallengeState.REPLACED, machine, ports.now())
    what = "replaced it by a newer challenger"
    return [changed(replaced), *told(replaced, replaced.channel, machine, what, ports)]
