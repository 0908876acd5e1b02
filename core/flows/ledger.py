"""Read what became of a model's alerts, rule by rule."""

from collections import defaultdict

from core.domain.alert import Alert
from core.domain.alike import alike
from core.domain.ledger import REACHES_BACK, TrackRecord, rule_of
from core.domain.quiet import Quiet, propose_fewer
from core.domain.verdict import Severity
from core.flows.permit import config_of
from core.ports import Ports

_MOST_ALERTS = 1000  # of all models
_MOST_OPEN = 200  # more at once are a storm, in which nobody has decided anything yet
_MOST_RULES = 100


def ledger(model: str, ports: Ports) -> list[TrackRecord]:
    """Count for each rule of a model, the most ignored one first.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config_of(model, ports)
    by_rule: dict[str, list[Alert]] = defaultdict(list)
    for alert in _of_late(model, ports):
        by_rule[rule_of(alert)].append(alert)
    records = [TrackRecord.of(rule, alerts, ports.now()) for rule, alerts in by_rule.items()]
    return sorted(records, key=lambda record: (-record.ignored, record.rule))


def quiet_rules(model: str, ports: Ports) -> list[Quiet]:
    """List the rules that tell less now."""
    kept = ports.records.query(Quiet, f"quiet:{model}", limit=_MOST_RULES)
    return [quiet for quiet in kept if quiet.is_in_force(ports.now())]


def looked_up(alert: Alert, ports: Ports) -> Alert:
    """Let a new alert say what became of those before it, and keep quiet where a person said so."""
    now, rule = ports.now(), rule_of(alert)
    of_late = _of_late(alert.model, ports)
    before = [of for of in of_late if rule_of(of) == rule and of.id != alert.id]
    quiet = ports.records.get(Quiet, Quiet.id_of(alert.model, rule))
    is_limited = quiet is not None and quiet.is_in_force(now)
    is_page = alert.evidence.severity is Severity.PAGE
    record = TrackRecord.of(rule, before, now)
    update = {
        "track_record": record.sentence if record.is_enough else None,
        "alike": alike(alert, before),
        "fewer": None if is_limited or is_page else propose_fewer(before, now),
        "is_quiet": quiet is not None and quiet.covers(alert, now),
    }
    return alert.model_copy(update=update)


def is_kept_quiet(alert: Alert, ports: Ports) -> bool:
    """Say whether an alert need not be posted, by what is known of it now."""
    quiet = ports.records.get(Quiet, Quiet.id_of(alert.model, rule_of(alert)))
    return quiet is not None and quiet.covers(alert, ports.now())


def _of_late(model: str, ports: Ports) -> list[Alert]:
    """Read the alerts of a model that were raised in the last three months."""
    since = ports.now() - REACHES_BACK
    still_open = ports.records.query(Alert, "alerts:open", limit=_MOST_OPEN)
    resolved = ports.records.query(Alert, "alerts:resolved", newest_first=True, limit=_MOST_ALERTS)
    alerts = (*still_open, *resolved)
    return [of for of in alerts if of.model == model and of.raised_at >= since]
