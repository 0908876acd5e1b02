"""Learn what a model's trusted partitions look like; checks compare with that from now on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.domain.errors import BadData, Busy
from core.domain.model_config import ModelConfig
from core.domain.watch import Watch
from core.ports import Ports, changed, new
from functions.data.partitions import objects_of, read_partition
from functions.data.summaries import keep_reference
from functions.flows.check_partition import columns_of
from functions.flows.trust import trusted
from functions.ml.packing import pack_reference
from functions.ml.reference import Day, learn

if TYPE_CHECKING:
    from functions.arrays import Sized

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
    days: dict[str, Day] = {}
    for name in sorted(set(partitions)):
        day = _read(config, name, ports)
        if day is not None:
            days[name] = day
    if not days:
        raise NothingToLearnFrom(config.model)
    names = trusted(config.model, list(days), ports)
    columns = columns_of(config)
    reference = learn({name: days[name] for name in names}, columns.kinds, columns.sensitive)
    packed = pack_reference(reference)
    header = {**packed.header, "config": config.hash}
    key = keep_reference(config.model, header, packed.arrays, ports.objects)
    _put_in_force(config.model, key, ports)
    return key


def _read(config: ModelConfig, partition: str, ports: Ports) -> Day | None:
    """Read a partition; `None` if it cannot be learned from."""
    found = objects_of(config.data.features, partition, ports.objects)
    parts: list[Sized] = []
    reading = read_partition(found, columns_of(config), ports.objects, parts.append)
    return Day(parts, reading.duplicate_share) if reading.is_usable else None


def _put_in_force(model: str, key: str, ports: Ports) -> None:
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Watch, model)
        if before and before.reference_key == key:
            return
        after = (before or Watch(id=model)).learned(key, ports.now())
        if ports.records.commit(changed(after) if before else new(after)):
            return
    raise Busy
