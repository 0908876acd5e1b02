"""What somebody who asks for a model's contract gets to see: written, learned, and its changes."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.contract import Contract
from core.domain.contract_change import ContractChange
from core.domain.model_config import ModelConfig
from core.domain.person_name import PersonName
from core.flows.permit import config_of
from core.ports import Ports

_MOST_CHANGES = 20


@dataclass(frozen=True)
class ContractOverview:
    """Everything that is promised of one model's data now."""

    config: ModelConfig
    """Holds the written rules."""
    learned: Contract | None
    """`None` before the first training."""
    changes: tuple[ContractChange, ...]
    """The newest first, twenty at the most."""
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
    kept = (kept.kept_by for of in (learned.columns if learned else ()) for kept in of.promises)
    ids = {rule.owner for rule in config.constraints}
    ids |= {by for by in (*kept, *(change.decided_by for change in changes)) if by}
    people = (ports.records.get(PersonName, person) for person in sorted(ids))
    known = {person.id: person for person in people if person is not None}
    return ContractOverview(config, learned, tuple(changes), known, ports.now())
