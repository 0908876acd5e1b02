"""Tell of a model of which nothing was ever checked, long after its config was put in force."""

from datetime import timedelta
from typing import Final

from core.domain.alert import Alert, Evidence
from core.domain.ids import content_hash
from core.domain.model_config import MOST_MODELS, InForce
from core.domain.person import Person
from core.domain.verdict import Severity
from core.domain.watch import Watch
from core.flows.on_call import calling
from core.flows.telling import announced
from core.ports import Ports, new

_RULE: Final = "silence"
_AFTER: Final = timedelta(days=8)  # what comes weekly has come by then


def tell_unwatched(ports: Ports) -> int:
    """Raise an alert for each model whose partitions do not come; return how many were raised.

    Partitions that stopped coming are late; of those that never came nobody knows when to expect
    them. One alert for each config that was put in force; the sweep delivers it within a minute.
    """
    models = ports.records.query(InForce, "models", limit=MOST_MODELS)
    watches = ports.records.query(Watch, "watches", limit=MOST_MODELS)
    checked = {watch.id for watch in watches if watch.last_partition is not None}
    return sum(
        _raise(calling(_alert(model, ports), ports), ports)
        for model in models
        if model.id not in checked and ports.now() - model.since >= _AFTER
    )


def _raise(alert: Alert, ports: Ports) -> bool:
    if ports.records.get(Alert, alert.id) is not None:
        return False
    what = f"raised: {alert.evidence.summary}"
    card = announced(alert, alert.channel, Person.machine(), what, ports)
    return ports.records.commit(new(alert), *card)


def _alert(model: InForce, ports: Ports) -> Alert:
    config = model.config
    summary = (
        f"Nothing was checked since this config was put in force on {model.since:%Y-%m-%d}: no "
        f"partition has landed under `{config.data.features}`."
    )
    evidence = Evidence(
        error_class=None,
        severity=Severity.WARN,
        summary=summary,
        next_step=(
            f"See where its partitions land: {config.data.features}/dt=YYYY-MM-DD/ is looked at, a "
            "day of UTC each. If they land elsewhere, correct `data.features` and apply it: "
            "`watchkeeper apply` says what lies there."
        ),
        fingerprint=content_hash(summary.encode()),
    )
    return Alert(
        id=Alert.id_of(config.model, model.since.isoformat(), _RULE),
        model=config.model,
        rule=_RULE,
        channel=config.channel,
        raised_at=ports.now(),
        evidence=evidence,
    )
