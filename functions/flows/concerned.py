"""Which partitions of which models an event is about."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from core.domain.base import Value
from core.domain.data_config import Side
from core.domain.misplaced import Misplaced, misplaced
from core.domain.model_config import InForce, ModelConfig, ModelName
from core.domain.partition import PartitionName, split_key
from core.ports import Ports

_PAGE: Final = 100


class ModelPartition(Value):
    """One partition of one model."""

    model: ModelName
    partition: PartitionName


class _Object(BaseModel):
    key: str


class _Detail(BaseModel):
    object: _Object


class _ObjectCreated(BaseModel):
    """An event of S3 as EventBridge hands it over, as far as we read it; it has more fields."""

    detail: _Detail


def concerned(event: Mapping[str, Any], side: Side, ports: Ports) -> list[ModelPartition]:
    """Read an event: either it names model and partition, or an object that was created.

    Several models may read the same objects; an object that none of them reads concerns nobody.

    Args:
        event: `{"model": …, "partition": …}`, or an `Object Created` event of EventBridge.
        side: as what the object counts.
        ports: the outside world.
    """
    if "detail" not in event:
        return [ModelPartition.model_validate(event)]
    found = split_key(_ObjectCreated.model_validate(event).detail.object.key)
    if found is None:
        return []
    prefix, partition = found
    return [
        ModelPartition(model=watched.config.model, partition=partition)
        for watched in _watched(ports)
        if watched.config.data.prefix_of(side) == prefix
    ]


def unread(event: Mapping[str, Any], ports: Ports) -> list[tuple[ModelConfig, Misplaced]]:
    """Read an event about an object that was meant for a partition and lies in none.

    Args:
        event: as `concerned` takes it.
        ports: the outside world.

    Returns:
        Each model that would read it if it lay right; none of them where somebody reads it.
    """
    if "detail" not in event:
        return []
    key = _ObjectCreated.model_validate(event).detail.object.key
    configs = (watched.config for watched in _watched(ports))
    found = ((config, misplaced(key, config.data.places)) for config in configs)
    return [(config, where) for config, where in found if where is not None]


def _watched(ports: Ports) -> Iterator[InForce]:
    after: str | None = None
    while page := ports.records.query(InForce, "models", after=after, limit=_PAGE):
        yield from page
        after = page[-1].place
