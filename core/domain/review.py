"""What the automated review of a training found, before anybody looked."""

from core.domain.base import Value


class ReviewFinding(Value):
    """One thing that people must know before they promote a version."""

    name: str
    """Which probe found it."""
    sentence: str
    is_blocking: bool
    """Whether the version may not be promoted."""
