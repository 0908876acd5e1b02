"""Check one partition: measure, judge, raise. Three words, three functions, never merged."""

from core.domain.errors import BadData, Busy, Unknown
from core.domain.finding import Finding
from core.domain.judge import judge
from core.domain.model_config import InForce, ModelConfig
from core.domain.origin import Movement
from core.domain.partition_check import PartitionCheck
from core.domain.promised_rows import row_findings
from core.domain.reading import Reading
from core.domain.verdict import Basis
from core.domain.watch import Watch
from core.flows.look_at_arrival import promised_rows
from core.flows.retrain_on_drift import retrain_on_drift
from core.ports import ObjectInfo, Ports, Write, changed, new
from functions.data.landed_objects import objects_of
from functions.data.partitions import fingerprint
from functions.flows.checking.history import (
    InUse,
    history_before,
    keep,
    reference_in_use,
    take_in,
)
from functions.flows.checking.hold_contract import held_by
from functions.flows.checking.measure import measure
from functions.flows.checking.movement_of import movement_of
from functions.flows.checking.new_columns import added, with_new_names
from functions.flows.checking.profile_objects import read_and_profile
from functions.flows.checking.raise_verdict import raise_verdict
from functions.flows.checking.renamed_roles import Landed, with_renamed_roles
from functions.flows.checking.tell_skew import tell_skew
from functions.ml.checking.reference import Closed

_ATTEMPTS = 5


class NothingLanded(BadData):
    """There is no object with data in the partition."""

    def __init__(self, model: str, partition: str) -> None:
        super().__init__(f"Nothing landed for `{model}` in the partition {partition}.")
        self.model, self.partition = model, partition


def check_partition(model: str, partition: str, ports: Ports) -> PartitionCheck:
    """Check a partition as it is now and raise an alert if it deserves one.

    Called again for the same data it only finishes what an earlier call left undone; data that
    was rewritten is checked again, and its alert says so.

    Raises:
        Unknown: no config was ever applied for this model.
        NothingLanded: there is nothing to check.
        ProfiledElsewhere: it is large; this is called again when its objects are profiled.
        Busy: others changed the same records again and again.
    """
    in_force = ports.records.get(InForce, model)
    if in_force is None:
        raise Unknown("model", model)
    config = in_force.config
    for _ in range(_ATTEMPTS):
        found = objects_of(config.data.features, partition, ports.objects, config.data.apart)
        if not found:
            raise NothingLanded(model, partition)
        promised = promised_rows(config.data, partition, ports)
        check = ports.records.get(PartitionCheck, PartitionCheck.id_of(model, partition))
        if check is not None and check.fingerprint == fingerprint(found, promised):
            raise_verdict(config, partition, ports)
            retrain_on_drift(config, partition, ports)
            tell_skew(config, partition, ports)
            return check
        now, reading = _checked(config, partition, found, promised, ports)
        _store(now, reading, before=check, ports=ports)
        # Then look again: the data may have been rewritten, or another run been quicker.
    raise Busy


def _checked(
    config: ModelConfig,
    partition: str,
    found: list[ObjectInfo],
    promised: int | None,
    ports: Ports,
) -> tuple[PartitionCheck, Reading]:
    watch = ports.records.get(Watch, config.model)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    if in_use is None:
        reading, _, written = read_and_profile(config, partition, found, None, ports)
        basis, movement = Basis.LEARNING, None
        findings = [*reading.plain_findings(config.data.key), *written]
    else:
        reading, basis, findings, movement = _compared(config, partition, found, in_use, ports)
    reference = in_use.reference if in_use else None
    news = added(reading, watch.known_others if watch else None, reference)
    if reference is not None and news:
        findings = with_new_names(findings, news, found, config, reference, ports.objects)
        now = Landed(partition, config.data.features, found)
        before = reference.partitions[-1]
        findings = with_renamed_roles(findings, news, now, config, before, ports.objects)
    check = PartitionCheck(
        id=PartitionCheck.id_of(config.model, partition),
        model=config.model,
        partition=partition,
        fingerprint=fingerprint(found, promised),
        rows=reading.rows,
        unwatched=reading.told_others,
        verdict=judge([*findings, *row_findings(promised, reading)], basis, news),
        movement=movement,
        reference_key=in_use.key if in_use else None,
        checked_at=ports.now(),
    )
    return check, reading


def _compared(
    config: ModelConfig,
    partition: str,
    found: list[ObjectInfo],
    in_use: InUse,
    ports: Ports,
) -> tuple[Reading, Basis, list[Finding], Movement | None]:
    """Profile a partition in one pass, keep its summary, and compare it with what came before."""
    ruler = in_use.reference.ruler
    reading, profile, written = read_and_profile(config, partition, found, in_use, ports)
    plain = list(reading.plain_findings(config.data.key))
    if not reading.rows or reading.unreadable:
        return reading, Basis.REFERENCE, [*plain, *written], None
    history = history_before(config.model, partition, in_use, ports)
    closed = Closed.of(profile, history.known, reading.duplicate_share)
    keep(in_use, partition, closed, ports)
    take_in(config.model, in_use, history, ports)
    held = held_by(config.model, history, ports)
    basis, findings = measure(config, partition, closed.summary, history, ruler, held)
    plainly = {finding.column for finding in plain}
    movement = movement_of(config, partition, closed.summary, history, ruler, findings)
    measured = [finding for finding in findings if finding.column not in plainly]
    return reading, basis, [*plain, *measured, *written], movement


def _store(
    check: PartitionCheck, reading: Reading, before: PartitionCheck | None, ports: Ports
) -> bool:
    """Store the check and note it in the watch, together; False if another run was quicker."""
    stored = changed(check.replacing(before)) if before else new(check)
    return ports.records.commit(stored, _noted(check, reading, ports))


def _noted(check: PartitionCheck, reading: Reading, ports: Ports) -> Write:
    watch = ports.records.get(Watch, check.model)
    after = (watch or Watch(id=check.model)).checked(check.partition, check.checked_at)
    if not check.verdict.is_broken:
        after = after.knowing(reading.others)
    return changed(after) if watch else new(after)
