"""Fold a partition into the alert that already says what is wrong with it."""

from typing import Final

from core.domain.alert import Alert, Disposition
from core.domain.continuation import Continuation, goes_on
from core.domain.outbox import OutboxEntry
from core.domain.partition_check import RULE, PartitionCheck
from core.domain.person import Person
from core.domain.timeline import Line
from core.flows.change import change
from core.flows.telling import wake
from core.ports import Ports, Write, gone, new

LOOKED_BACK: Final = 3
"""Checks before it among which an alert is looked for: one just below the limit ends nothing."""


def continue_alert(check: PartitionCheck, ports: Ports) -> bool:
    """Note on an earlier alert that this partition still shows it; False if it tells something new.

    Its card is drawn again and its timeline has a line; nothing is posted. A partition that was
    folded and is fine since, or wrong in another way, is taken out again.
    """
    known = ports.records.get(Continuation, Continuation.id_of(check.model, check.partition))
    if known is not None:
        alert = ports.records.get(Alert, known.alert)
        if alert is not None and _tells_nothing_new(check, alert):
            return True
        _take_out(check, known, ports)
    found = _alert_that_goes_on(check, ports) if check.verdict.is_broken else None
    if found is None:
        return False

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        after = alert.still_so_on(check.partition)
        link = Continuation(id=Continuation.id_of(check.model, check.partition), alert=alert.id)
        return after, [new(link), *_shown(after, f"saw it again on {check.partition}", ports)]

    continued = change(Alert, found.id, step, ports)
    wake(continued, continued.channel, ports)
    return True


def alert_about(model: str, partition: str, ports: Ports) -> Alert | None:
    """Find the alert that speaks for a partition: its own, or the one it was folded into."""
    own = ports.records.get(Alert, Alert.id_of(model, partition, RULE))
    if own is not None:
        return own
    folded = ports.records.get(Continuation, Continuation.id_of(model, partition))
    return ports.records.get(Alert, folded.alert) if folded else None


def _alert_that_goes_on(check: PartitionCheck, ports: Ports) -> Alert | None:
    """Look among the checks just before it for an alert that says all that is wrong with it."""
    earlier = ports.records.query(
        PartitionCheck, check.listing, after=check.place, newest_first=True, limit=LOOKED_BACK
    )
    alerts = (alert_about(check.model, c.partition, ports) for c in earlier if c.verdict.is_broken)
    return next((a for a in alerts if a is not None and _is_continued_by(check, a)), None)


def _is_continued_by(check: PartitionCheck, alert: Alert) -> bool:
    """Say whether it tells nothing new, and the alert is one that stands, or a bug that does."""
    stands = alert.is_open or alert.disposition is Disposition.DATA_BUG
    return stands and _tells_nothing_new(check, alert)


def _tells_nothing_new(check: PartitionCheck, alert: Alert) -> bool:
    return goes_on(check.verdict, alert.evidence.error_class, alert.evidence.blamed)


def _take_out(check: PartitionCheck, known: Continuation, ports: Ports) -> None:
    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        after = alert.no_longer_so_on(check.partition)
        said = f"checked {check.partition} again: {check.verdict.sentence}"
        return after, [gone(known), *_shown(after, said, ports)]

    changed = change(Alert, known.alert, step, ports)
    wake(changed, changed.channel, ports)


def _shown(alert: Alert, what: str, ports: Ports) -> list[Write]:
    """Write a line and let the card be drawn again where it stands: nobody need look."""
    at = ports.now()
    line = Line.of(alert, Person.machine(), what, at)
    return [new(line), new(OutboxEntry.redraw(alert, alert.channel, at))]
