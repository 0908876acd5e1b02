"""Name who is on call, and hand an alert that nobody takes to the next person."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from core.domain.alert import Alert
from core.domain.model_config import InForce, ModelConfig
from core.domain.outbox import OutboxEntry
from core.domain.person import Person
from core.domain.timeline import Line
from core.ports import Ports, changed, new

_MOST_ALERTS: Final = 1000


def calling(alert: Alert, ports: Ports) -> Alert:
    """Let a new alert name who is on call for its model."""
    in_force = ports.records.get(InForce, alert.model)
    if in_force is None or in_force.config.on_call is None:
        return alert
    rota = in_force.config.on_call
    return alert.calling(rota.shift_at(ports.now()).person, rota.shadow_seat)


def channels_unanswered(models: Iterable[InForce], ports: Ports) -> set[str]:
    """Name the channels with an alert that somebody else should be asked to take by now."""
    configs = {model.id: model.config for model in models if model.config.on_call is not None}
    if not configs:
        return set()
    return {
        alert.channel
        for alert in ports.records.query(Alert, "alerts:open", limit=_MOST_ALERTS)
        if alert.model in configs and _next_for(alert, configs[alert.model], ports.now())
    }


def escalate(channel: str, ports: Ports) -> int:
    """Ask the next person to take what nobody in a channel has taken; return how many were asked.

    What somebody changes at the same moment is looked at again by the next sweep.
    """
    listed = ports.records.query(Alert, "alerts:open", limit=_MOST_ALERTS)
    return sum(
        _escalate(alert, ports)
        for alert in listed
        if alert.channel == channel and alert.on_call is not None
    )


def _escalate(listed: Alert, ports: Ports) -> bool:
    in_force = ports.records.get(InForce, listed.model)
    alert = ports.records.get(Alert, listed.id)  # the listing may lag (decision 11)
    if in_force is None or alert is None:
        return False
    at = ports.now()
    to = _next_for(alert, in_force.config, at)
    if to is None:
        return False
    after = alert.escalated(to)
    minutes = (at - alert.raised_at) // timedelta(minutes=1)
    what = f"asks you to take it: nobody has for {minutes} min"
    line = Line.of(after, Person.machine(), what, at).mentioning(to)
    return ports.records.commit(
        changed(after),
        new(line),
        new(OutboxEntry.card(after, after.channel, at)),
        new(OutboxEntry.reply(line, after, after.channel, at)),
    )


def _next_for(alert: Alert, config: ModelConfig, now: datetime) -> str | None:
    """Name who is to be asked now; `None` where it is taken, can wait, or everybody was asked."""
    rota, person = config.on_call, alert.on_call
    if rota is None or person is None or alert.owner is not None or not alert.is_urgent:
        return None
    asked = len(alert.escalated_to)
    patience = timedelta(minutes=rota.escalates_after_minutes * (asked + 1))
    left = rota.asked_after(person, config.owner)[asked:]
    return left[0] if left and now - alert.raised_at >= patience else None
