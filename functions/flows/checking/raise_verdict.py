"""From verdicts to an alert: at most one for each model and partition, kept up to date."""

from itertools import takewhile

from core.domain.alert import Alert, Evidence
from core.domain.errors import Busy
from core.domain.model_config import ModelConfig
from core.domain.origin import judge_origin
from core.domain.partition_check import RULE, PartitionCheck, PredictionsCheck
from core.domain.playbook import next_step
from core.flows.continue_alert import continue_alert
from core.flows.raise_alert import raise_alert, update_alert
from core.ports import Ports
from functions.flows.checking.affected import affected, keep_affected
from functions.flows.checking.late_tables import late_tables

_MOST_DAYS_BACK = 60
_ATTEMPTS = 5


def raise_verdict(config: ModelConfig, partition: str, ports: Ports) -> None:
    """Raise an alert for a broken partition, or let its alert say what a later check saw.

    A partition and its predictions are checked at about the same time and share the alert: each
    check calls this when it has stored what it saw, so whoever comes last sees both.
    One that only shows what an earlier alert says already is noted there and wakes nobody.

    An alert without a blamed column came from elsewhere, scoring perhaps: a partition that passes
    its check does not take that back.

    Raises:
        Busy: others checked the same partition again and again.
    """
    for _ in range(_ATTEMPTS):
        check = _seen(config.model, partition, ports)
        if check is not None:
            _raise(check, config, ports)
        if check == _seen(config.model, partition, ports):
            return
    raise Busy


def _seen(model: str, partition: str, ports: Ports) -> PartitionCheck | None:
    """Read what is known of a partition and of its predictions, told as one."""
    record = PartitionCheck.id_of(model, partition)
    data = ports.records.get(PartitionCheck, record)
    output = ports.records.get(PredictionsCheck, record)
    return data.told_with(output) if data else output


def _raise(check: PartitionCheck, config: ModelConfig, ports: Ports) -> None:
    alert_id = Alert.id_of(check.model, check.partition, RULE)
    known = ports.records.get(Alert, alert_id)
    if known is None:
        if check.is_of_past or continue_alert(check, ports):
            return
        if check.verdict.is_broken:
            raise_alert(_alert(check, config, ports), ports)
            keep_affected(check.model, check.partition, ports)
        return
    has_news = known.evidence.fingerprint != check.fingerprint
    if has_news and (check.verdict.is_broken or known.evidence.blamed):
        update_alert(alert_id, _evidence(check, config, ports), ports)
    keep_affected(check.model, check.partition, ports)


def _alert(check: PartitionCheck, config: ModelConfig, ports: Ports) -> Alert:
    return Alert(
        id=Alert.id_of(check.model, check.partition, RULE),
        model=check.model,
        partition=check.partition,
        rule=RULE,
        channel=config.channel,
        raised_at=ports.now(),
        since=_since(check, ports),
        evidence=_evidence(check, config, ports),
    )


def _evidence(check: PartitionCheck, config: ModelConfig, ports: Ports) -> Evidence:
    verdict = check.verdict
    origin = judge_origin(verdict, check.movement)
    late = late_tables(config, check.partition, verdict, ports.objects)
    step = next_step(verdict, origin)
    return Evidence(
        error_class=verdict.error_class,
        severity=verdict.severity,
        summary=verdict.sentence if verdict.is_broken else f"Checked again: {verdict.sentence}",
        blamed=verdict.blamed,
        origin=origin.sentence if origin else None,
        affected=affected(check, ports),
        next_step=f"{late} {step}" if late else step,
        is_learning=verdict.basis.is_learning,
        fingerprint=check.fingerprint,
    )


def _since(check: PartitionCheck, ports: Ports) -> str | None:
    """Name the first partition in an unbroken row that blames the same column first.

    ...  fine  fine  broken  broken  this one
                     └── since
    """
    worst = check.verdict.blamed[0]
    earlier = ports.records.query(
        PredictionsCheck if worst.is_output else PartitionCheck,
        check.listing,
        after=check.place,
        newest_first=True,
        limit=_MOST_DAYS_BACK,
    )
    alike = list(takewhile(lambda c: worst.column in {b.column for b in c.verdict.blamed}, earlier))
    return alike[-1].partition if alike else None
