"""Each minute: wake the delivery to every channel where something waits, or is taken by nobody."""

from core.domain.job import Job
from core.domain.model_config import MOST_MODELS, InForce
from core.domain.outbox import Channel, OutboxEntry
from core.flows.on_call import channels_unanswered
from core.ports import Ports


def sweep(ports: Ports) -> list[str]:
    """Wake what was not woken, or what failed, or where the next person is to be asked.

    Returns:
        the channels where something waits.
    """
    models = ports.records.query(InForce, "models", limit=MOST_MODELS)
    known = ports.records.query(Channel, "channels", limit=MOST_MODELS)
    unanswered = channels_unanswered(models, ports)
    named = {in_force.config.channel for in_force in models}
    channels = named | {channel.id for channel in known} | unanswered
    waiting = [
        channel
        for channel in sorted(channels)
        if channel in unanswered or ports.records.query(OutboxEntry, f"outbox:{channel}", limit=1)
    ]
    for channel in waiting:
        ports.jobs.start(Job.deliver(channel, f"sweep {ports.now():%Y-%m-%dT%H:%M}"))
    return waiting
