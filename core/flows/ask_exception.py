"""Ask that a version be promoted although a rule holds it back; a second person approves."""

from core.domain.access import Verb
from core.domain.challenge import Challenge
from core.domain.errors import Unknown
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import Serving
from core.domain.stage_refusals import GatePassed, NotTheChallenger
from core.flows.change import change
from core.flows.permit import permit
from core.flows.servable import refuse_other_paths, refuse_unhashed
from core.flows.slo_standing import is_frozen, refuse_frozen
from core.flows.telling import told, wake
from core.ports import Ports, Write


def ask_exception(
    model: str, version: VersionId, *, reason: str, by: Person, ports: Ports
) -> Challenge:
    """Write the reason on the version's card, with a button for another approver.

    Raises:
        Unknown: the model, or the version, is not known.
        NotAllowed: the person may not promote, so may not ask either.
        AskedBefore: somebody has asked.
        GatePassed: it can be promoted as it is.
        BudgetSpent: promotions are frozen, and it is not shown to be better than what serves.
        Refusal: the version may not be promoted in any case.
    """
    config = permit(Verb.PROMOTE, by, model, ports)
    serving = ports.records.get(Serving, model)
    if serving is None:
        raise Unknown("version", version)
    refuse_unhashed(version, ports)
    serving.refuse_unless_challenging(version)
    has_passed = serving.ready == version
    if has_passed and not is_frozen(config, ports):
        raise GatePassed(version)

    def step(challenge: Challenge) -> tuple[Challenge, list[Write]]:
        if not challenge.is_challenging:
            raise NotTheChallenger(version)
        challenge.refuse_flawed()
        refuse_other_paths(model, version, ports)
        refuse_frozen(config, challenge, ports, is_exception=True)
        asking = challenge.asking_exception(reason, by, ports.now())
        over = "freeze of promotions" if has_passed else "gate"
        what = f"asks for an exception from the {over}: {reason}"
        return asking, told(asking, asking.channel, by, what, ports)

    asking = change(Challenge, Challenge.id_of(model, version), step, ports)
    wake(asking, asking.channel, ports)
    return asking
