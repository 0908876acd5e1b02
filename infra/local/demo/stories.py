"""Which stories there are."""

from enum import StrEnum


class Story(StrEnum):
    """Which story is played."""

    ON_CALL = "on-call"
    """February: the blizzard, an error in the data, a promotion and a rollback."""
    MODELS = "models"
    """Spring: an idea that gains, one that changes nothing, labels that are wrong, and back."""
