"""Put a model's config in force: a change needs no deployment."""

from core.domain.data_config import MINUTES_PER_DAY
from core.domain.errors import Busy
from core.domain.job import Job, Schedule
from core.domain.model_config import InForce, ModelConfig, StoredConfig
from core.domain.outbox import Channel
from core.domain.person import Person
from core.flows.judge_slo import judge_slo
from core.ports import Ports, Write, changed, new


def apply_config(config: ModelConfig, by: Person, ports: Ports) -> bool:
    """Store the config under its content hash and point to it; False if it was in force already.

    What lands from now on is checked; what lies there is history to train on. A change of what
    makes a version, its columns or its training, starts a training at once. Another SLO is judged
    by the cohorts there are.

    Raises:
        Busy: somebody applied another config of the same model at the same moment.
    """
    before = ports.records.get(InForce, config.model)
    if before is not None and before.config == config:
        _keep_cadence(before, ports)
        ports.jobs.start(Job.refresh_people(config.hash))
        return False
    ports.arrivals.watch(config.data.places)  # first: what lands meanwhile is not history
    now = ports.now()
    first = InForce(id=config.model, config=config, since=now)
    after = before.applying(config, now) if before else first
    _keep_cadence(after, ports)
    writes: list[Write] = []
    if ports.records.get(StoredConfig, config.hash) is None:
        stored = StoredConfig(id=config.hash, config=config, applied_at=now, applied_by=by.id)
        writes.append(new(stored))
    if before is None:
        writes.append(new(after))
    else:
        writes.append(changed(after))
        writes += _remembered(before.config.channel, ports)
    if not ports.records.commit(*writes):
        raise Busy
    ports.jobs.start(Job.refresh_people(config.hash))
    if before is not None and not config.promises_like(before.config):
        judge_slo(config, ports)
    if before is not None and not config.trains_like(before.config):
        cause = f"{config.hash} {now.isoformat()}"
        ports.jobs.start(Job.retrain(config.model, "its config was changed", by.id, cause))
    return True


def _remembered(channel: str, ports: Ports) -> list[Write]:
    """Keep a channel known to the sweep: something may wait there that no config names any more."""
    return [] if ports.records.get(Channel, channel) else [new(Channel(id=channel))]


def _keep_cadence(in_force: InForce, ports: Ports) -> None:
    """Let the schedule follow the config; put first, so that a retry mends a half-done change.

    The first training comes a minute after a config is put in force, the next ones at its cadence.
    """
    model, every_days = in_force.id, in_force.config.training.every_days
    name = f"retrain-{model}"
    if every_days is None:
        ports.schedules.remove(name)
        return
    ports.schedules.put(
        Schedule(
            name=name,
            function="retrain",
            event={"model": model, "reason": "cadence", "asked_by": "watchkeeper"},
            first_at=in_force.first_training,
            every_minutes=every_days * MINUTES_PER_DAY,
        )
    )
