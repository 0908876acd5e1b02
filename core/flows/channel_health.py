"""Whether messages arrive in a channel, and who is told on another way when they do not."""

from datetime import timedelta
from typing import Final

from core.domain.outbox import Channel, OutboxEntry
from core.ports import Ports, changed, new

_SECOND_ROUTE_AFTER: Final = timedelta(minutes=5)
_MOST_TOLD: Final = 100


def not_arrived(channel: str, reason: str, ports: Ports) -> None:
    """Write down that messages do not arrive; after five minutes tell the second route, once."""
    stored = ports.records.get(Channel, channel)
    failing = (stored or Channel(id=channel)).failing(reason, ports.now())
    is_long = failing.failing_since and ports.now() - failing.failing_since >= _SECOND_ROUTE_AFTER
    if is_long and not failing.second_route_told:
        waiting = ports.records.query(OutboxEntry, f"outbox:{channel}", limit=_MOST_TOLD)
        ports.second_route.tell(
            "Watchkeeper cannot reach Slack",
            f"{len(waiting)} messages wait for channel {channel} since "
            f"{failing.failing_since:%Y-%m-%d %H:%M} UTC. Reason: {reason}",
        )
        failing = failing.told_elsewhere()
    # Somebody else's word about the same moment is as good as ours: a refused write is no loss.
    ports.records.commit(changed(failing) if stored else new(failing))


def arrived(channel: str, ports: Ports) -> None:
    """Write down that messages arrive again; usually there is nothing to write."""
    stored = ports.records.get(Channel, channel)
    if stored is None:
        ports.records.commit(new(Channel(id=channel)))
    elif stored.failing_since is not None:
        ports.records.commit(changed(stored.well()))
