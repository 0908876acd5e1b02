"""Show on a version's card what a new evaluation says: it is about the champion of now."""

from core.domain.challenge import Challenge
from core.domain.challenge_of_version import judged_by
from core.domain.person import Person
from core.domain.stage_refusals import short
from core.domain.version import Evaluation
from core.flows.change import change
from core.flows.telling import told, wake
from core.ports import Ports, Write


def compare_anew(evaluation: Evaluation, by: Person, ports: Ports) -> bool:
    """Put the evaluation in place of an older one; False when the card says all that already.

    Raises:
        Unknown: the version does not stand for promotion, and never did.
        Busy: others kept changing the same card.
    """
    challenge_id = Challenge.id_of(evaluation.model, evaluation.version)
    known = ports.records.get(Challenge, challenge_id)
    if known is not None and judged_by(known, evaluation) == known:
        return False
    champion = short(evaluation.champion) if evaluation.champion else None
    beside = f"champion {champion}" if champion else "no champion"

    def step(challenge: Challenge) -> tuple[Challenge, list[Write]]:
        after = judged_by(challenge, evaluation)
        return after, told(after, after.channel, by, f"judged it anew beside {beside}", ports)

    after = change(Challenge, challenge_id, step, ports)
    wake(after, after.channel, ports)
    return True
