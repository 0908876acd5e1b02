"""Show on a version's card what a new evaluation says: it is about the champion of now."""

from core.domain.challenge import Challenge
from core.domain.challenge_of_version import judged_by
from core.domain.evaluation import Evaluation
from core.domain.person import Person
from core.domain.serving import Serving, short
from core.flows.change import change
from core.flows.telling import told, wake
from core.ports import Ports, Write


def compare_anew(evaluation: Evaluation, by: Person, ports: Ports) -> bool:
    """Put the evaluation in place of an older one; False when the card says all that already.

    A champion that could not be compared is still the one that would be replaced. The card of the
    champion itself goes on saying what it was promoted on: there is nothing to compare it with.

    Raises:
        Unknown: the version does not stand for promotion, and never did.
        Busy: others kept changing the same card.
    """
    challenge_id = Challenge.id_of(evaluation.model, evaluation.version)
    known = ports.records.get(Challenge, challenge_id)
    serving = ports.records.get(Serving, evaluation.model)
    if serving is not None and serving.champion == evaluation.version:
        return False
    against = evaluation.champion or (serving.champion if serving else None)

    def judged(challenge: Challenge) -> Challenge:
        return judged_by(challenge, evaluation).model_copy(update={"against": against})

    if known is not None and judged(known) == known:
        return False
    champion = short(evaluation.champion) if evaluation.champion else None
    beside = f"champion {champion}" if champion else "no champion"

    def step(challenge: Challenge) -> tuple[Challenge, list[Write]]:
        after = judged(challenge)
        return after, told(after, after.channel, by, f"judged it anew beside {beside}", ports)

    after = change(Challenge, challenge_id, step, ports)
    wake(after, after.channel, ports)
    return True
