"""Let a version leave shadow where shadow can show nothing: what is served changes what happens."""

from contextlib import suppress

from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.person import Person
from core.domain.serving import Serving
from core.domain.stage_refusals import NotTheChallenger
from core.domain.wording import percent
from core.flows.change import change
from core.flows.follow_up import follow_up
from core.flows.stand import Said, moved
from core.ports import Ports, Write


def leave_shadow(config: ModelConfig, version: VersionId, ports: Ports) -> None:
    """Make a version the canary that has predicted a cohort in shadow, once nobody else is.

    Only for a model with a feedback loop, whose evidence is that of a random canary alone. A spent
    error budget does not hold back this first, smallest share: nothing else could show what would
    be better than what serves.

    Raises:
        Busy: others kept moving the same pointer.
    """

    def step(serving: Serving) -> tuple[Serving, list[Write]]:
        if serving.challenger != version or serving.canary is not None:
            raise NotTheChallenger(version)
        after = serving.stepping_up(version, config.stages.canary_shares)
        share = percent(after.canary_share)
        what = (
            f"lets it serve {share} of the entities: in shadow nothing can be shown, since what is "
            "served changes what happens"
        )
        return after, moved(serving, after, {version: Said(what)}, Person.machine(), ports)

    with suppress(NotTheChallenger):  # it waits for the canary before it, or somebody moved it
        after = change(Serving, config.model, step, ports)
        follow_up(after, config.channel, ports)
