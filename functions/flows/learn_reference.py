"""Learn what a model's trusted partitions look like; checks compare with that from now on."""

from collections.abc import Mapping, Sequence

from core.domain.errors import BadData, Busy
from core.domain.model_config import ModelConfig
from core.domain.watch import Watch
from core.ports import Ports, changed, new
from functions.data.partitions import PartitionArrays, objects_of, read_partition
from functions.data.summaries import keep_reference
from functions.flows.reference_of import reference_of
from functions.flows.trust import trusted

_ATTEMPTS = 5


class NothingToLearnFrom(BadData):
    """Not one partition of the window can be used."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"No partition of `{model}` can be learned from: each is empty, cannot be read, or "
            "lacks a column of the config."
        )
        self.model = model


def learn_reference(config: ModelConfig, partitions: Sequence[str], ports: Ports) -> str:
    """Learn a reference from the features of these partitions, store it and put it in force.

    Args:
        config: the model.
        partitions: the window of the training, in any order: everything that summarises data is
            refitted together.
        ports: the outside world.

    Returns:
        The object's key; the same config and the same trusted data give the same one.

    Raises:
        NothingToLearnFrom: no partition is usable.
        Busy: others changed the same watch again and again.
    """
    usable: dict[str, PartitionArrays] = {}
    for name in sorted(set(partitions)):
        arrays = _read(config, name, ports)
        if _is_usable(arrays):
            usable[name] = arrays
    if not usable:
        raise NothingToLearnFrom(config.model)
    days = _of(usable, trusted(config.model, list(usable), ports))
    key = keep_reference(reference_of(config, days), ports.objects)
    _put_in_force(config.model, key, ports)
    return key


def _read(config: ModelConfig, partition: str, ports: Ports) -> PartitionArrays:
    found = objects_of(config.data.features, partition, ports.objects)
    return read_partition(found, config.columns, config.data.key, ports.objects)


def _is_usable(arrays: PartitionArrays) -> bool:
    return bool(arrays.rows) and not (arrays.unreadable or arrays.missing or arrays.mistyped)


def _of(days: Mapping[str, PartitionArrays], names: Sequence[str]) -> dict[str, PartitionArrays]:
    return {name: days[name] for name in names}


def _put_in_force(model: str, key: str, ports: Ports) -> None:
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Watch, model)
        if before and before.reference_key == key:
            return
        after = (before or Watch(id=model)).learned(key, ports.now())
        if ports.records.commit(changed(after) if before else new(after)):
            return
    raise Busy
