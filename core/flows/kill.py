"""Take a version out of the way before it serves; the next of the queue moves up."""

from core.domain.access import Verb
from core.domain.challenge import ChallengeState
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import Serving
from core.flows.change import change
from core.flows.follow_up import follow_up
from core.flows.permit import permit
from core.flows.stand import Said, author, moved
from core.ports import Ports, Write


def kill(model: str, version: VersionId, by: Person, ports: Ports) -> Serving:
    """End the challenge of a version, wherever it stands.

    Raises:
        Unknown: the model is not known, or has no version.
        NotAllowed: the person may not.
        ServesAlready: it is the champion, which is rolled back instead.
        NotTheChallenger: it does not stand for promotion.
    """
    config = permit(Verb.KILL, by, model, ports)

    def step(serving: Serving) -> tuple[Serving, list[Write]]:
        after = serving.killing(version)
        said = {version: Said("killed it", ChallengeState.KILLED, tells=author)}
        return after, moved(serving, after, said, by, ports)

    after = change(Serving, model, step, ports)
    follow_up(after, config.channel, ports)
    return after
