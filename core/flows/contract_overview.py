"""What somebody who asks for a model's contract gets to see: written, learned, and its changes."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.contract import Contract
from core.domain.contract_change import ContractChange
from core.domain.model_config import ModelConfig
from core.domain.partition_check import PartitionCheck
from core.domain.person_name import PersonName
from core.flows.permit import config_of
from core.ports import Ports

_MOST_CHANGES = 20
_MOST_LEFT_OUT = 20
_PAGE = 100


@dataclass(frozen=True)
class ContractOverview:
    """Everything that is promised of one model's data now."""

    config: ModelConfig
    """Holds the written rules."""
    learned: Contract | None
    """`None` before the first training."""
    changes: tuple[ContractChange, ...]
    """The newest first, twenty at the most."""
    left_out: tuple[PartitionCheck, ...]
    """Errors of the past: nothing was learned from them; the newest first, twenty at the most."""
    people: dict[str, PersonName]
    """By id, as far as Slack was asked."""
    now: datetime


def contract_overview(model: str, ports: Ports) -> ContractOverview:
    """Read the contract in force of a model, and how it came to be.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    config = config_of(model, ports)
    learned = ports.records.get(Contract, model)
    listing = f"contract_changes:{model}"
    changes = ports.records.query(ContractChange, listing, newest_first=True, limit=_MOST_CHANGES)
    left_out = errors_of_past(model, ports)
    kept = (kept.kept_by for of in (learned.columns if learned else ()) for kept in of.promises)
    decided = [*(c.decided_by for c in changes), *(c.resolved_by for c in left_out)]
    ids = {rule.owner for rule in config.constraints}
    ids |= {by for by in (*kept, *decided) if by}
    people = (ports.records.get(PersonName, person) for person in sorted(ids))
    known = {person.id: person for person in people if person is not None}
    return ContractOverview(config, learned, tuple(changes), left_out, known, ports.now())


def errors_of_past(model: str, ports: Ports) -> tuple[PartitionCheck, ...]:
    """Find the errors that a backfill or a learning left out, the newest twenty.

    Those that a person resolved since are among them.
    """
    found, after = list[PartitionCheck](), None
    listing = f"checks:{model}"
    while page := ports.records.query(
        PartitionCheck, listing, after=after, newest_first=True, limit=_PAGE
    ):
        found += [check for check in page if check.is_error_of_past]
        after = page[-1].place
        if len(found) >= _MOST_LEFT_OUT:
            break
    return tuple(found[:_MOST_LEFT_OUT])
