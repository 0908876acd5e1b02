"""An alert about natural drift starts a training, and notes that it did."""

from core.domain.alert import Alert
from core.domain.job import Job
from core.domain.model_config import ModelConfig
from core.domain.partition_check import RULE
from core.domain.person import Person
from core.flows.change import change
from core.flows.telling import told, wake
from core.ports import Ports, Write


def retrain_on_drift(config: ModelConfig, partition: str, ports: Ports) -> bool:
    """Start a training because the world moved, where the config says so; once for each alert.

    The job comes before the note: rather a training twice, which trains once, than none.
    """
    alert = ports.records.get(Alert, Alert.id_of(config.model, partition, RULE))
    if alert is None or not config.training.on_drift or config.serving == "elsewhere":
        return False
    if not (alert.is_open and alert.evidence.is_natural_drift) or alert.has_started_training:
        return False
    machine = Person.machine()
    ports.jobs.start(Job.retrain(config.model, because_of(alert), machine.id, alert.id))
    note_training(alert.id, machine, ports)
    return True


def because_of(alert: Alert) -> str:
    """Say why a training is asked for."""
    return f"natural drift on {alert.partition}"


def note_training(alert_id: str, by: Person, ports: Ports) -> Alert:
    """Note on an alert that a training was started because of it."""

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        after = alert.starting_training()
        return after, told(after, after.channel, by, "started a training", ports)

    noted = change(Alert, alert_id, step, ports)
    wake(noted, noted.channel, ports)
    return noted
