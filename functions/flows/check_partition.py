"""Check one partition: measure, judge, raise. Three words, three functions, never merged."""

from collections.abc import Sequence

from core.domain.errors import BadData, Busy, Unknown
from core.domain.finding import Finding
from core.domain.judge import judge
from core.domain.model_config import InForce, ModelConfig
from core.domain.partition_check import PartitionCheck
from core.domain.reference import Reference
from core.domain.summary import Summary
from core.domain.verdict import Basis
from core.domain.watch import Watch
from core.ports import ObjectInfo, Ports, Write, changed, new
from functions.data.partitions import fingerprint, objects_of, read_partition
from functions.data.summaries import keep_summary, read_reference
from functions.flows.raise_verdict import raise_verdict
from functions.flows.summarise import summarise
from functions.ml.examine import contract_findings, movement_findings, plain_findings

_ATTEMPTS = 5


class NothingLanded(BadData):
    """There is no Parquet object in the partition."""

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
        Busy: others changed the same records again and again.
    """
    in_force = ports.records.get(InForce, model)
    if in_force is None:
        raise Unknown("model", model)
    config = in_force.config
    for _ in range(_ATTEMPTS):
        found = objects_of(config.data.features, partition, ports.objects)
        if not found:
            raise NothingLanded(model, partition)
        check = ports.records.get(PartitionCheck, PartitionCheck.id_of(model, partition))
        if check is not None and check.fingerprint == fingerprint(found):
            raise_verdict(check, config, ports)
            return check
        _store(_checked(config, partition, found, ports), before=check, ports=ports)
        # Then look again: the data may have been rewritten, or another run been quicker.
    raise Busy


def measure(
    summary: Summary, reference: Reference | None, config: ModelConfig
) -> tuple[Basis, list[Finding]]:
    """Measure a partition by what is known of the model; nothing is decided here."""
    key = config.data.key
    findings = list(plain_findings(summary, key))
    if reference is None or summary.unreadable or not summary.rows:
        return Basis.LEARNING if reference is None else Basis.REFERENCE, findings
    findings += contract_findings(summary, reference, key)
    if summary.rows < config.alerts.minimum_rows:
        return Basis.TOO_FEW_ROWS, findings
    if reference.limit is None:
        return Basis.TOO_FEW_DAYS, findings
    return Basis.REFERENCE, [*findings, *movement_findings(summary, reference, reference.limit)]


def _checked(
    config: ModelConfig, partition: str, found: Sequence[ObjectInfo], ports: Ports
) -> PartitionCheck:
    watch = ports.records.get(Watch, config.model)
    reference_key = watch.reference_key if watch else None
    stored = read_reference(reference_key, ports.objects) if reference_key else None
    reference = stored.as_in(config) if stored else None
    arrays = read_partition(found, config.columns, config.data.key, ports.objects)
    summary = summarise(partition, arrays, config, reference)
    keep_summary(config.model, summary, ports.objects)
    basis, findings = measure(summary, reference, config)
    return PartitionCheck(
        id=PartitionCheck.id_of(config.model, partition),
        model=config.model,
        partition=partition,
        fingerprint=fingerprint(found),
        rows=summary.rows,
        verdict=judge(findings, basis),
        reference_key=reference_key,
        checked_at=ports.now(),
    )


def _store(check: PartitionCheck, before: PartitionCheck | None, ports: Ports) -> bool:
    """Store the check and note it in the watch, together; False if another run was quicker."""
    stored = changed(check.replacing(before)) if before else new(check)
    return ports.records.commit(stored, _noted(check, ports))


def _noted(check: PartitionCheck, ports: Ports) -> Write:
    watch = ports.records.get(Watch, check.model)
    after = (watch or Watch(id=check.model)).checked(check.partition, check.checked_at)
    return changed(after) if watch else new(after)
