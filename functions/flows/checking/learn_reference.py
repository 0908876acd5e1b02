"""Learn what a model's trusted partitions look like; checks compare with that from now on."""

from collections.abc import Mapping, Sequence

from core.domain.errors import BadData, Busy
from core.domain.model_config import ModelConfig
from core.domain.partition_check import PartitionCheck
from core.domain.watch import Watch
from core.flows.learn_arrivals import learn_arrivals
from core.ports import Ports, changed, new
from functions.data.landed_objects import objects_of
from functions.data.partitions import fingerprint
from functions.flows.checking.history import InUse, closed_of, keep_reference, reference_in_use
from functions.flows.checking.leave_out import Cleaned, Spoiled, learn_without_spoiled
from functions.flows.checking.measure import watched
from functions.flows.checking.note_past import note_past
from functions.flows.checking.relearn_contract import relearn_contract
from functions.flows.checking.trust import judged, trusted
from functions.flows.checking.window import Window, close_partition
from functions.ml.checking.reference import Closed, Reference

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
    """Learn a reference from these partitions, store it and put it in force.

    With a new ruler what is plainly spoiled is left out and noted as an error of the past, unless
    a check or a person judged it before. The contract in force is refitted with the rest: what
    trusted partitions broke is for a person.

    A ruler is kept while it fits the columns of the config and the newest rows; then what was
    checked before stays part of the history, and only what was never read is read.

    Args:
        config: the model.
        partitions: the window of the training, in any order.
        ports: the outside world.

    Returns:
        The object's key; the same config and the same trusted data give the same one.

    Raises:
        NothingToLearnFrom: no partition is usable.
        Busy: others changed the same watch again and again.
    """
    names = sorted(set(partitions))
    watch = ports.records.get(Watch, config.model)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    others: set[str] = set()
    if in_use is not None and _still_measures(in_use.reference, config):
        cleaned = _extended(config, in_use, names, others, ports)
        still, config_hash = _still(in_use, cleaned.reference), in_use.config_hash
    else:
        cleaned = _learned(config, names, others, ports)
        still, config_hash = {}, config.hash
    reference = cleaned.reference
    key = keep_reference(config.model, reference, config_hash, still, ports)
    for name, spoiled in cleaned.left_out.items():
        _note(config, name, spoiled, key, ports)
    _put_in_force(config.model, key, others, ports)
    relearn_contract(config, key, reference, ports)
    learn_arrivals(config, reference.partitions, ports)
    return key


def _learned(config: ModelConfig, names: Sequence[str], others: set[str], ports: Ports) -> Cleaned:
    window = Window(config, config.data.features, ports.objects)
    for name in names:
        window.look_at(name)
    if not window.usable:
        raise NothingToLearnFrom(config.model)
    others.update(window.others)
    usable = trusted(config.model, window.usable, ports)
    known = judged(config.model, usable, ports)
    return learn_without_spoiled(config, window, usable, known)


def _still_measures(reference: Reference, config: ModelConfig) -> bool:
    """Say whether a ruler has the columns of the config and few rows lie beyond it."""
    return has_columns_of(config, reference) and reference.fits


def has_columns_of(config: ModelConfig, reference: Reference) -> bool:
    """Say whether a reference's ruler measures the columns of a config, and no others."""
    fits = watched(config, reference.ruler)
    return len(fits) == len(config.columns) == len(reference.ruler.columns)


def _extended(
    config: ModelConfig, in_use: InUse, names: Sequence[str], others: set[str], ports: Ports
) -> Cleaned:
    """Add the partitions of a window that a reference does not know, and drop what lost trust.

    Of what breaks the contract in force a person decides: nothing is left out here.
    """
    before = in_use.reference
    later: dict[str, Closed] = {}
    for name in names:
        if name in before.partitions:
            continue
        found = closed_of(in_use, name, ports) or _read(config, name, before, others, ports)
        if found is not None:
            later[name] = found
    extended = before.extended(later)
    return Cleaned(extended.only(trusted(config.model, extended.partitions, ports)), {})


def _note(
    config: ModelConfig, partition: str, spoiled: Spoiled, reference_key: str, ports: Ports
) -> None:
    found = objects_of(config.data.features, partition, ports.objects, config.data.apart)
    check = PartitionCheck(
        id=PartitionCheck.id_of(config.model, partition),
        model=config.model,
        partition=partition,
        fingerprint=fingerprint(found),
        rows=spoiled.rows,
        verdict=spoiled.verdict,
        reference_key=reference_key,
        checked_at=ports.now(),
        is_of_past=True,
    )
    note_past(check, ports)


def _still(in_use: InUse, reference: Reference) -> Mapping[str, str]:
    return {n: etag for n, etag in in_use.taken_in.items() if n in reference.partitions}


def _read(
    config: ModelConfig, partition: str, before: Reference, others: set[str], ports: Ports
) -> Closed | None:
    """Measure a partition and note its other columns; `None` if it cannot be learned from."""
    reading, closed = close_partition(config, partition, before, ports.objects)
    if not reading.is_usable:
        return None
    others.update(reading.others)
    return closed


def _put_in_force(model: str, key: str, others: set[str], ports: Ports) -> None:
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Watch, model)
        if before and before.reference_key == key:
            return
        after = (before or Watch(id=model)).learned(key, ports.now()).knowing(others)
        if ports.records.commit(changed(after) if before else new(after)):
            return
    raise Busy
