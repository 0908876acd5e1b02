"""What starts the work of objects that land on AWS."""

from collections.abc import Iterable


class EventBridgeArrivals:
    """The rules in `infra/aws/events.yml` tell of every object, and of none that lay there before.

    A function leaves what no config in force names, so that a config starts to count by itself.
    """

    def watch(self, prefixes: Iterable[str]) -> None:
        """See Arrivals."""
