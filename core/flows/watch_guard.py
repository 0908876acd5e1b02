"""After a promotion: the old champion goes on in shadow, and tells when the new one is worse."""

from contextlib import suppress
from typing import Final

from core.domain.alert import Alert
from core.domain.alert import Evidence as Seen
from core.domain.challenge import Challenge
from core.domain.evidence import Claim, Evidence
from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.domain.person import Person
from core.domain.promises_kept import PromisesKept
from core.domain.serving import Serving
from core.domain.shown import surely
from core.domain.stage_refusals import NothingToRollBackTo, StaleChampion, short
from core.domain.verdict import Severity
from core.flows.change import change
from core.flows.raise_alert import raise_alert
from core.flows.rollback import rollback
from core.flows.stand import Said, moved
from core.flows.telling import wake
from core.flows.tripwire import broken_promise
from core.ports import Ports, Write, changed, new

RULE: Final = "promotion"
_FEWEST_COHORTS: Final = 7


def watch_guard(guarding: Evidence, config: ModelConfig, ports: Ports) -> None:
    """Look at the champion through the eyes of the version that it replaced.

    Shown to be worse, or far from what was promised, it raises one alert with a way back, and rolls
    back by itself where the config says so. The guard ends when it is shown to be the worse one, or
    after a week of cohorts, or as many as the config keeps back for validation.
    """
    if not guarding.pairs:
        return
    champion = ports.records.get(Challenge, Challenge.id_of(config.model, guarding.against))
    offline = champion.gain if champion else None
    _note(guarding, offline, ports)
    worse = _worse(guarding, offline, config)
    if worse is not None:
        _tell(guarding, worse, config, ports)
    elif _is_over(guarding, config):
        _release(guarding, config, ports)


def _note(guarding: Evidence, offline: tuple[float, float, float] | None, ports: Ports) -> None:
    stored = ports.records.get(PromisesKept, guarding.model)
    before = stored or PromisesKept(id=guarding.model)
    after = before.noting(offline[1] if offline else None, guarding)
    if after != before:
        # A refused write is no loss: the next cohort says it again.
        ports.records.commit(changed(after) if stored else new(after))


def _worse(
    guarding: Evidence, offline: tuple[float, float, float] | None, config: ModelConfig
) -> str | None:
    if guarding.shows(Claim.GAIN):
        loses = guarding.gained / guarding.pairs
        return (
            f"it loses {loses:.4f} a row more over {guarding.pairs:,} rows "
            f"({surely(guarding, Claim.GAIN)})"
        )
    return broken_promise(guarding, offline, config.stages.margin)


def _tell(guarding: Evidence, worse: str, config: ModelConfig, ports: Ports) -> None:
    """Tell first: if what follows fails, the button is there."""
    champion, guard = short(guarding.against), short(guarding.version)
    summary = f"Version {champion} is worse than {guard}, which it replaced: {worse}"
    back = f"Roll back: {guard} serves again from the next partition on."
    by_itself = f"It is rolled back by itself. See that {guard} serves again; else roll back here."
    alert = Alert(
        id=Alert.id_of(config.model, guarding.against, RULE),
        model=config.model,
        partition=None,
        rule=RULE,
        channel=config.channel,
        raised_at=ports.now(),
        evidence=Seen(
            error_class=None,
            severity=Severity.PAGE,
            summary=summary,
            next_step=by_itself if config.stages.rolls_back_by_itself else back,
            fingerprint=content_hash(summary.encode()),
        ),
        takes_back=guarding.against,
    )
    raise_alert(alert, ports)
    if config.stages.rolls_back_by_itself:
        machine = Person.machine()
        with suppress(NothingToRollBackTo, StaleChampion):  # the alert has the button, and says so
            rollback(config.model, seen_champion=guarding.against, by=machine, ports=ports)


def _is_over(guarding: Evidence, config: ModelConfig) -> bool:
    enough = max(_FEWEST_COHORTS, config.training.validation_days)
    return guarding.shows(Claim.HARMFUL) or len(guarding.cohorts) >= enough


def _release(guarding: Evidence, config: ModelConfig, ports: Ports) -> None:
    def step(serving: Serving) -> tuple[Serving, list[Write]]:
        if serving.guard != guarding.version:
            raise StaleChampion(seen=guarding.against, actual=serving.champion)
        after = serving.releasing_guard()
        said = {guarding.version: Said("ended its guard: the new champion keeps its place")}
        return after, moved(serving, after, said, Person.machine(), ports)

    with suppress(StaleChampion):  # somebody moved the pointer meanwhile: there is no guard to end
        wake(change(Serving, config.model, step, ports), config.channel, ports)
