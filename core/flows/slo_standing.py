"""How a model's SLO stands now, read where it decides."""

from core.domain.challenge import Challenge
from core.domain.model_config import ModelConfig
from core.domain.realised import Realised
from core.domain.slo import SloStanding
from core.domain.stage_refusals import BudgetSpent
from core.ports import Ports


def slo_standing(
    config: ModelConfig, realised: Realised | None, ports: Ports
) -> SloStanding | None:
    """Say how the SLO in force stands; `None` where the config promises nothing.

    Nothing is known of one that was changed until its cohorts are judged anew.

    Args:
        config: in force.
        realised: of this model; `None` before its first mature cohort.
        ports: the outside world.
    """
    if config.slo is None:
        return None
    known = realised.slo if realised else None
    if known is None or known.slo != config.slo:
        return SloStanding(slo=config.slo)
    return known.seen_at(ports.now(), config.target)


def standing_now(config: ModelConfig, ports: Ports) -> SloStanding | None:
    """Read how the SLO stands; `None` where the config promises nothing."""
    if config.slo is None:
        return None
    return slo_standing(config, ports.records.get(Realised, config.model), ports)


def is_frozen(config: ModelConfig, ports: Ports) -> bool:
    """Say whether no version may serve more than it does, since the error budget is spent."""
    standing = standing_now(config, ports)
    return standing is not None and standing.is_spent


def refuse_frozen(
    config: ModelConfig, challenge: Challenge, ports: Ports, *, is_exception: bool = False
) -> None:
    """Let no version pass while the error budget is spent, but the one that may be the cure.

    That is one whose evidence says that it is better than what serves, and for which two people
    stand up. Rollbacks never come here.

    Raises:
        BudgetSpent: promotions are frozen.
    """
    standing = standing_now(config, ports)
    if standing is None or not standing.is_spent:
        return
    if is_exception and challenge.is_shown_better:
        return
    raise BudgetSpent(
        challenge.version,
        standing.sentence(config),
        is_better=challenge.is_shown_better,
    )
