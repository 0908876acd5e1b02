"""At the end of a shift: tell the channel what the person on call leaves to the next one."""

from typing import Final

from core.domain.alert import Alert
from core.domain.hand_over import HandOver
from core.domain.incident import Incident
from core.domain.ledger import is_ignored
from core.domain.model_config import MOST_MODELS, InForce
from core.domain.on_call_config import OnCall, Shift
from core.domain.outbox import OutboxEntry
from core.flows.slo_standing import standing_now
from core.ports import Ports, new

_MOST: Final = 1000
_MOST_INCIDENTS: Final = 50


def hand_over(ports: Ports) -> int:
    """Report each shift that has ended and was not reported; return how many there were.

    Only the last shift of a model is looked at, and none that ended before its config was put in
    force. The sweep delivers within a minute.
    """
    models = ports.records.query(InForce, "models", limit=MOST_MODELS)
    return sum(
        _report(model, model.config.on_call, ports)
        for model in models
        if model.config.on_call is not None
    )


def _report(model: InForce, rota: OnCall, ports: Ports) -> bool:
    ended = rota.shift_before(ports.now())
    if ended is None or ended.ends_at < model.since:
        return False
    if ports.records.get(HandOver, HandOver.id_of(model.id, ended.ends_at)) is not None:
        return False
    report = _made(model, ended, ports)
    return ports.records.commit(
        new(report), new(OutboxEntry.card(report, report.channel, ports.now()))
    )


def _made(model: InForce, ended: Shift, ports: Ports) -> HandOver:
    waiting = [of for of in _alerts("alerts:open", ports) if of.model == model.id]
    resolved = [
        of
        for of in _alerts("alerts:resolved", ports)
        if of.model == model.id and of.raised_at >= ended.begins_at
    ]
    during = [of for of in (*waiting, *resolved) if ended.begins_at <= of.raised_at < ended.ends_at]
    standing = standing_now(model.config, ports)
    return HandOver(
        id=HandOver.id_of(model.id, ended.ends_at),
        model=model.id,
        channel=model.config.channel,
        from_person=ended.person,
        to_person=ended.next_person,
        begins_at=ended.begins_at,
        ends_at=ended.ends_at,
        still_open=tuple(of.headline for of in waiting if not of.is_quiet),
        closed=tuple(f"{of.headline}: {of.disposition}" for of in resolved),
        ignored=tuple(of.headline for of in during if is_ignored(of, ports.now())),
        not_posted=sum(of.is_quiet for of in waiting),
        unfinished=_unfinished(model.id, ports),
        slo=standing.sentence(model.config) if standing else None,
    )


def _alerts(listing: str, ports: Ports) -> list[Alert]:
    newest_first = listing == "alerts:resolved"
    return ports.records.query(Alert, listing, newest_first=newest_first, limit=_MOST)


def _unfinished(model: str, ports: Ports) -> tuple[str, ...]:
    incidents = ports.records.query(
        Incident, f"incidents:{model}", newest_first=True, limit=_MOST_INCIDENTS
    )
    return tuple(f"{of.report.priority} {of.report.title}" for of in incidents if of.is_open)
