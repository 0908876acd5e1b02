"""Each minute: wake the delivery to every channel where something still waits."""

from core.domain.job import Job
from core.domain.model_config import MOST_MODELS, InForce
from core.domain.outbox import Channel, OutboxEntry
from core.ports import Ports


def sweep(ports: Ports) -> list[str]:
    """Wake what was not woken, or what failed; return the channels that had something waiting."""
    models = ports.records.query(InForce, "models", limit=MOST_MODELS)
    known = ports.records.query(Channel, "channels", limit=MOST_MODELS)
    channels = {in_force.config.channel for in_force in models} | {channel.id for channel in known}
    waiting = [
        channel
        for channel in sorted(channels)
        if ports.records.query(OutboxEntry, f"outbox:{channel}", limit=1)
    ]
    for channel in waiting:
        ports.jobs.start(Job.deliver(channel, f"sweep {ports.now():%Y-%m-%dT%H:%M}"))
    return waiting
