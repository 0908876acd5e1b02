"""Move a version by what its evidence shows: a stage up, or out of the way."""

from contextlib import suppress
from typing import Final

from core.domain.challenge import Challenge, ChallengeState
from core.domain.errors import Busy, Unavailable, Unknown
from core.domain.evidence import Decision, Evidence
from core.domain.evidence_shown import EvidenceShown
from core.domain.model_config import ModelConfig
from core.domain.outbox import OutboxEntry
from core.domain.partition import starts_at
from core.domain.person import Person
from core.domain.promises_kept import PromisesKept
from core.domain.serving import Serving
from core.domain.shown import shown
from core.domain.wording import percent
from core.flows.change import change
from core.flows.follow_up import follow_up
from core.flows.permit import config_of
from core.flows.refresh_evaluation import refresh_evaluation
from core.flows.servable import fallback_health
from core.flows.slo_standing import is_frozen
from core.flows.stand import Said, author, moved
from core.flows.telling import wake
from core.flows.watch_guard import watch_guard
from core.ports import Ports, Write, changed, new

_ATTEMPTS: Final = 5
_KILLED: Final[dict[Decision, ChallengeState]] = {
    "harmful": ChallengeState.HARMFUL,
    "futile": ChallengeState.FUTILE,
}
_PASSED: Final[tuple[Decision, ...]] = ("gain", "refresh")


def advance(evidence: Evidence, ports: Ports) -> None:
    """Let a version go where its evidence says; the same evidence again moves nothing more.

    Who is better, or no worse, goes a stage up; each share of a canary has to be left on a cohort
    that was predicted while it held that share. Who is worse, or cannot gain enough, is killed, and
    the next of the queue enters shadow. Evidence about the guard watches over the new champion.
    While the error budget of the SLO is spent nobody gets a share, or a larger one: it waits for a
    cohort that comes when there is a budget again.

    Evidence against a champion that does not serve any more moves nothing.

    Raises:
        Unknown: no config was ever applied for this model.
        Busy: others kept moving the same pointer.
    """
    config = config_of(evidence.model, ports)
    serving = ports.records.get(Serving, evidence.model)
    if serving is None or serving.champion != evidence.against:
        return
    if evidence.version == serving.guard:
        watch_guard(evidence, config, ports)
    elif evidence.version in (serving.challenger, serving.canary):
        with suppress(Unavailable):  # the next cohort asks again
            refresh_evaluation(serving, evidence.version, Person.machine(), ports)
        _show(evidence, ports)
        _move(evidence, config, ports)


def _show(evidence: Evidence, ports: Ports) -> None:
    """Write the evidence on the version's card; a card that is not there shows nothing."""
    shown_now = EvidenceShown.of(evidence)

    def step(challenge: Challenge) -> tuple[Challenge, list[Write]]:
        after = challenge.with_evidence(shown_now)
        return after, [new(OutboxEntry.redraw(after, after.channel, ports.now()))]

    card_id = Challenge.id_of(evidence.model, evidence.version)
    known = ports.records.get(Challenge, card_id)
    if known is not None and known.evidence != shown_now:
        card = change(Challenge, card_id, step, ports)
        wake(card, card.channel, ports)


def _move(evidence: Evidence, config: ModelConfig, ports: Ports) -> None:
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Serving, evidence.model)
        challenge = ports.records.get(Challenge, Challenge.id_of(evidence.model, evidence.version))
        if before is None or challenge is None:
            raise Unknown("version", evidence.version)
        after = _next(before, evidence, challenge, config)
        if after is None or (_serves_more(after, before) and is_frozen(config, ports)):
            return
        said = {evidence.version: _said(after, evidence, ports)}
        writes = moved(before, after, said, Person.machine(), ports)
        if ports.records.commit(changed(after), *writes):
            follow_up(after, config.channel, ports)
            return
    raise Busy


def _serves_more(after: Serving, before: Serving) -> bool:
    return after.canary_share > before.canary_share


def _next(
    serving: Serving, evidence: Evidence, challenge: Challenge, config: ModelConfig
) -> Serving | None:
    """Return the pointer as it should be; `None` where nothing is to be moved."""
    version, is_canary = evidence.version, evidence.version == serving.canary
    if serving.champion != evidence.against or version not in (serving.challenger, serving.canary):
        return None
    if config.stages.has_feedback_loop and not is_canary:
        return None  # in shadow it shows nothing, good or bad: see `leave_shadow`
    if evidence.decision in _KILLED:
        return serving.killing(version)
    if evidence.decision not in _PASSED:
        return None
    if is_canary and not _has_been_seen(challenge, evidence):
        return None
    after = serving.stepping_up(version, config.stages.canary_shares)
    return None if after == serving else after


def _has_been_seen(challenge: Challenge, evidence: Evidence) -> bool:
    """Say if a cohort tells of the time since it came to its share."""
    since = challenge.since
    return since is None or any(starts_at(c.partition) >= since for c in evidence.cohorts)


def _said(after: Serving, evidence: Evidence, ports: Ports) -> Said:
    why, decision, version = shown(evidence), evidence.decision, evidence.version
    if version not in after.standing:
        what, end = f"killed it as {decision}: {why}", _KILLED[decision]
        return Said(what, end, lambda card: card.killed_for(why), tells=author)
    if version == after.ready:
        kept = ports.records.get(PromisesKept, after.id)
        remembered = kept.sentences if kept else ()
        what = f"lets it stand for promotion: {why}"
        fallback = fallback_health(after.id, version, evidence.against, ports)
        return Said(what, note=lambda card: card.ready(remembered, fallback), tells=author)
    return Said(f"lets it serve {percent(after.canary_share)} of the entities: {why}")
