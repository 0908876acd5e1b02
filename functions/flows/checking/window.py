"""The partitions of a window, read one after another to learn from them: none of them is held."""

from collections.abc import Sequence
from functools import partial

from core.domain.model_config import ModelConfig
from core.domain.reading import Reading
from core.ports import Objects
from functions.data.landed_objects import objects_of
from functions.data.partitions import ReadAgain, read_partition
from functions.flows.checking.measure import columns_of
from functions.ml.checking.key_sample import KeyCounter
from functions.ml.checking.looks import Looks
from functions.ml.checking.profile import Profiler
from functions.ml.checking.reference import Closed, Reference, closed, learn_from


class Window:
    """Looks at partitions, and learns from those of them that can be learned from."""

    def __init__(self, config: ModelConfig, prefix: str, objects: Objects) -> None:
        self._config, self._prefix, self._objects = config, prefix, objects
        self._columns = columns_of(config)
        self._looks = Looks(self._columns.kinds)
        self._usable: dict[str, ReadAgain] = {}
        self.others: set[str] = set()
        """Columns that usable partitions have besides."""

    @property
    def usable(self) -> list[str]:
        """Those that can be learned from, in the order in which they were looked at."""
        return list(self._usable)

    def look_at(self, partition: str) -> None:
        """Read a partition for the first time."""
        found = objects_of(self._prefix, partition, self._objects, self._config.data.apart)
        take = partial(self._looks.take, partition)
        reading = read_partition(found, self._columns, self._objects, take, KeyCounter())
        if not reading.is_usable:
            self._looks.forget(partition)
            return
        self.others.update(reading.others)
        share = reading.duplicate_share
        self._usable[partition] = ReadAgain(found, self._columns, self._objects, share)

    def learned_from(self, partitions: Sequence[str]) -> Reference:
        """Learn from some of the usable ones, at least one; each is read a second time."""
        days = {name: self._usable[name] for name in partitions}
        return learn_from(self._looks, days, self._columns.sensitive)

    def closed_on(self, reference: Reference, partition: str) -> Closed:
        """Measure a usable one that a reference was not learned from; it is read again."""
        return closed(self._usable[partition], reference.ruler, reference.known)


def close_partition(
    config: ModelConfig, partition: str, reference: Reference, objects: Objects
) -> tuple[Reading, Closed]:
    """Measure a partition that a reference was not learned from, as later ones see it."""
    found = objects_of(config.data.features, partition, objects, config.data.apart)
    profiler = Profiler(reference.ruler)
    reading = read_partition(found, columns_of(config), objects, profiler.take, KeyCounter())
    return reading, Closed.of(profiler.profile, reference.known, reading.duplicate_share)
