"""Whose partition an object belongs to."""

from core.domain.model_config import InForce
from core.domain.partition import split_key
from core.ports import Ports

_PAGE = 100


def partition_of(key: str, ports: Ports) -> tuple[str, str] | None:
    """Name model and partition of an object of features; `None` for every other object."""
    split = split_key(key)
    if split is None:
        return None
    prefix, partition = split
    after = None
    while models := ports.records.query(InForce, "models", after=after, limit=_PAGE):
        for in_force in models:
            if in_force.config.data.features == prefix:
                return in_force.config.model, partition
        after = models[-1].place
    return None
