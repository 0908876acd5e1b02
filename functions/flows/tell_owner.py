"""Tell a model's owner what a scheduled function could not do, and what to do about it."""

from core.domain.alert import Alert, Evidence
from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.domain.verdict import ErrorClass, Severity
from core.flows.raise_alert import raise_alert
from core.ports import Ports


def tell_owner(  # noqa: PLR0913 - an alert says this much
    config: ModelConfig,
    *,
    rule: str,
    partition: str | None,
    summary: str,
    next_step: str,
    severity: Severity,
    ports: Ports,
    error_class: ErrorClass | None = None,
) -> bool:
    """Raise one alert for this model, partition and rule; False if that was done before.

    About the model rather than a partition: one a day for the same trouble.
    """
    evidence = Evidence(
        error_class=error_class,
        severity=severity,
        summary=summary,
        next_step=next_step,
        fingerprint=content_hash(summary.encode()),
    )
    about = partition or f"{ports.now():%Y-%m-%d} {evidence.fingerprint}"
    alert = Alert(
        id=Alert.id_of(config.model, about, rule),
        model=config.model,
        partition=partition,
        rule=rule,
        channel=config.channel,
        raised_at=ports.now(),
        evidence=evidence,
    )
    return raise_alert(alert, ports)
