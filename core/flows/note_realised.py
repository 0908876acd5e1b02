"""Let people see how predictions turned out, where they decide: on cards and in the overview."""

from typing import Final

from core.domain.challenge import Challenge
from core.domain.cohort import Cohort
from core.domain.ids import VersionId
from core.domain.outbox import OutboxEntry
from core.domain.quality import Quality
from core.domain.quality_of_cohorts import both_predicted, served_quality, version_quality
from core.domain.realised import Realised
from core.domain.serving import Serving
from core.flows.change import change
from core.flows.judge_slo import judge_slo
from core.flows.leave_shadow import leave_shadow
from core.flows.permit import config_of
from core.flows.telling import wake
from core.ports import Ports, Write, changed, new

_PARTITIONS: Final = 28
_LOOKED_AT: Final = 2 * _PARTITIONS  # the newest are not mature yet


def note_realised(booked: Cohort, ports: Ports) -> None:
    """Sum up the newest mature cohorts of the model whose labels were booked; again is harmless.

    The booked one is handed over: a listing may lag behind it (decision 11).

    Raises:
        Busy: others kept changing the same card.
    """
    cohorts = _mature(booked, ports)
    served = served_quality(cohorts)
    if served is None:
        return
    _note_served(booked.model, served, ports)
    judge_slo(config_of(booked.model, ports), ports, booked)
    serving = ports.records.get(Serving, booked.model)
    if serving is None or serving.champion is None:
        return
    if serving.challenger is not None and booked.has(serving.challenger):
        _leave_shadow(serving.challenger, booked.model, ports)
    champion = serving.champion
    _note_on_card(booked.model, champion, version_quality(cohorts, champion), None, ports)
    for version in _beside(serving):
        paired = both_predicted(cohorts, version, champion)
        quality, beside = version_quality(paired, version), version_quality(paired, champion)
        _note_on_card(booked.model, version, quality, beside, ports)


def _beside(serving: Serving) -> list[VersionId]:
    """Name those who want to serve; a guard's share is only there to compare."""
    canary = None if serving.holds_back else serving.canary
    return [version for version in (serving.challenger, canary) if version is not None]


def _mature(booked: Cohort, ports: Ports) -> list[Cohort]:
    listed = ports.records.query(
        Cohort, f"cohorts:{booked.model}", newest_first=True, limit=_LOOKED_AT
    )
    known = {cohort.partition: cohort for cohort in (*listed, booked)}
    newest_first = [known[partition] for partition in sorted(known, reverse=True)]
    return [cohort for cohort in newest_first if cohort.is_mature(ports.now())][:_PARTITIONS]


def _leave_shadow(version: VersionId, model: str, ports: Ports) -> None:
    config = config_of(model, ports)
    if config.stages.has_feedback_loop:
        leave_shadow(config, version, ports)


def _note_served(model: str, served: Quality, ports: Ports) -> None:
    stored = ports.records.get(Realised, model)
    if stored is None:
        ports.records.commit(new(Realised(id=model, served=served)))
    elif stored.served != served:
        # A refused write is no loss: whoever was quicker summed up the same cohorts.
        ports.records.commit(changed(stored.model_copy(update={"served": served})))


def _note_on_card(
    model: str, version: VersionId, realised: Quality | None, beside: Quality | None, ports: Ports
) -> None:
    card_id = Challenge.id_of(model, version)
    known = ports.records.get(Challenge, card_id)
    if known is None or (known.realised, known.champion_realised) == (realised, beside):
        return

    def step(challenge: Challenge) -> tuple[Challenge, list[Write]]:
        after = challenge.turned_out(realised, beside)
        return after, [new(OutboxEntry.redraw(after, after.channel, ports.now()))]

    card = change(Challenge, card_id, step, ports)
    wake(card, card.channel, ports)
