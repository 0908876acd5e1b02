"""Say of an error of the past what it was: it has no alert, as nobody was told."""

from core.domain.access import Verb
from core.domain.alert import Disposition
from core.domain.errors import Refusal
from core.domain.model_config import ModelConfig
from core.domain.partition_check import PartitionCheck
from core.domain.person import Person
from core.domain.watch import Watch
from core.flows.change import change
from core.flows.permit import permit
from core.ports import Ports, Write
from functions.flows.checking.history import keep, reference_in_use
from functions.flows.checking.trust import NOT_NORMAL
from functions.flows.checking.window import close_partition


class NotLeftOut(Refusal):
    """There is nothing to resolve."""

    def __init__(self, model: str, partition: str) -> None:
        super().__init__(
            f"{partition} of `{model}` was not left out of what is learned: "
            f"`watchkeeper contract {model}` lists what was. An alert is resolved in Slack."
        )
        self.model, self.partition = model, partition


def resolve_past(
    model: str, partition: str, disposition: Disposition, by: Person, ports: Ports
) -> PartitionCheck:
    """Note what a person calls an error that a backfill or a learning found, and go by it.

    As with an alert: what is called a bug stays out of the history. Anything else counts as
    normal from now on: the partition joins the history, and a promise that it broke is loosened
    at the next training.

    Raises:
        Unknown: no config was ever applied for this model.
        NotAllowed: the person may not.
        NotLeftOut: nothing was found in this partition, or it has an alert.
        Busy: others changed the same check again and again.
    """
    config = permit(Verb.RESOLVE, by, model, ports)
    known = ports.records.get(PartitionCheck, PartitionCheck.id_of(model, partition))
    if known is None or not known.is_of_past or not known.verdict.is_broken:
        raise NotLeftOut(model, partition)

    def step(check: PartitionCheck) -> tuple[PartitionCheck, list[Write]]:
        return check.resolved_as(disposition, by), []

    resolved = change(PartitionCheck, known.id, step, ports)
    if disposition not in NOT_NORMAL:
        _take_in(config, partition, ports)
    return resolved


def _take_in(config: ModelConfig, partition: str, ports: Ports) -> None:
    """Let checks from now on compare with it; its words and its rows, if it can be read."""
    watch = ports.records.get(Watch, config.model)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    if in_use is None:
        return
    reading, closed = close_partition(config, partition, in_use.reference, ports.objects)
    if reading.is_usable:
        keep(in_use, partition, closed, ports)
