"""Where something stands in Slack."""

from core.domain.base import Value


class MessageRef(Value):
    """One message: Slack names it by its channel and its timestamp."""

    channel: str
    ts: str
