"""Tell of a partition that has not come in time: one alert, about the oldest that is missing."""

from core.domain.alert import Alert, Evidence
from core.domain.completeness import Completeness
from core.domain.errors import Busy
from core.domain.habit import Habit
from core.domain.ids import content_hash
from core.domain.lateness import RULE, Lateness, came
from core.domain.model_config import ModelConfig
from core.domain.outbox import OutboxEntry
from core.domain.person import Person
from core.domain.playbook import when_it_came, when_late
from core.domain.timetable import Timetable
from core.domain.verdict import Severity
from core.flows.ledger import looked_up
from core.flows.on_call import calling
from core.flows.telling import announced, told, wake
from core.ports import Ports, Write, changed, new

_ATTEMPTS = 5


def tell_late(
    config: ModelConfig, partition: str, found: Completeness, ports: Ports
) -> Alert | None:
    """Tell of a partition that is not complete, if it is the oldest late one; else do nothing.

    The later ones that are missing are counted on its card, not told each by itself. When a person
    has closed the alert, all that it spoke of is left to that person.

    Args:
        config: of its model.
        partition: one that was looked at just now.
        found: what is missing of it.
        ports: the outside world.

    Returns:
        The alert that says so; `None` when nobody has to be told.

    Raises:
        Busy: others kept changing the same records.
    """
    for _ in range(_ATTEMPTS):
        table = ports.records.get(Timetable, config.model)
        late = table.late(ports.now(), config.alerts.arrives_within_hours) if table else []
        if table is None or not late or late[0] != partition:
            return None
        known = ports.records.get(Alert, Alert.id_of(config.model, partition, RULE))
        if known is not None and not known.is_open:
            after, writes = None, [changed(table.settling(partition))]
        else:
            evidence = _evidence(_lateness(config, table, late, found), found)
            after, writes = _alerting(config, partition, evidence, known, ports)
            if table.told != tuple(late):
                writes.append(changed(table.telling(late)))
        if not writes or ports.records.commit(*writes):
            if after is not None and writes:
                wake(after, after.channel, ports)
            return after
    raise Busy


def came_after_all(
    model: str, partition: str, found: Completeness, ports: Ports
) -> tuple[Alert, list[Write]] | None:
    """Return what lets an alert say that its partition came; `None` if nobody was told it was late.

    To be committed together with the record that it came.
    """
    alert = ports.records.get(Alert, Alert.id_of(model, partition, RULE))
    if alert is None or alert.evidence.severity is Severity.OK or found.complete_at is None:
        return None
    sentence = came(partition, found.complete_at)
    evidence = Evidence(
        error_class=None,
        severity=Severity.OK,
        summary=sentence,
        next_step=when_it_came(),
        fingerprint=content_hash(sentence.encode()),
    )
    after = alert.with_evidence(evidence)
    said = told(after, after.channel, Person.machine(), f"saw that it came: {sentence}", ports)
    return after, [changed(after), *said]


def _lateness(
    config: ModelConfig, table: Timetable, late: list[str], found: Completeness
) -> Lateness:
    usual = Habit.of(table.came).usual(late[0])
    assert usual is not None  # noqa: S101 - where nothing is usual, nothing is late
    return Lateness(
        partition=late[0],
        missing=found.missing,
        more=len(late) - 1,
        usual=usual,
        within_hours=config.alerts.arrives_within_hours,
    )


def _evidence(lateness: Lateness, found: Completeness) -> Evidence:
    return Evidence(
        error_class=None,
        severity=Severity.WARN,
        summary=lateness.sentence,
        next_step=when_late(has_begun=found.has_begun),
        fingerprint=content_hash(lateness.sentence.encode()),
    )


def _alerting(
    config: ModelConfig, partition: str, evidence: Evidence, known: Alert | None, ports: Ports
) -> tuple[Alert, list[Write]]:
    """Raise the alert, or let its card say what is known by now."""
    now = ports.now()
    if known is None:
        alert = Alert(
            id=Alert.id_of(config.model, partition, RULE),
            model=config.model,
            partition=partition,
            rule=RULE,
            channel=config.channel,
            raised_at=now,
            evidence=evidence,
        )
        alert = calling(looked_up(alert, ports), ports)
        what = f"raised: {evidence.summary}"
        card = announced(alert, alert.channel, Person.machine(), what, ports)
        return alert, [new(alert), *card]
    if known.evidence == evidence:
        return known, []
    after = known.with_evidence(evidence)
    return after, [changed(after), new(OutboxEntry.redraw(after, after.channel, now))]
