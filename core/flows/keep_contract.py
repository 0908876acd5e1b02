"""Keep what a contract promises although trusted partitions broke it."""

from datetime import timedelta
from typing import Final

from core.domain.access import Verb
from core.domain.contract import Contract
from core.domain.contract_change import ContractChange
from core.domain.person import Person
from core.flows.change import change
from core.flows.permit import permit
from core.flows.telling import told, wake
from core.ports import Ports, Write, changed

_KEPT_FOR: Final = timedelta(days=90)  # a rule that nobody looks at again is obeyed by habit


def keep_contract(change_id: str, by: Person, ports: Ports) -> ContractChange:
    """Go on promising what the change would loosen, and ask nobody about it for three months.

    Raises:
        Unknown: there is no such change.
        NotAllowed: the person may not.
        AlreadyDecided: somebody decided before, or a later training looked again.
        Busy: others changed the same contract again and again.
    """
    until = (ports.now() + _KEPT_FOR).date()

    def step(proposed: ContractChange) -> tuple[ContractChange, list[Write]]:
        permit(Verb.DECIDE, by, proposed.model, ports)
        kept = proposed.kept(by, ports.now(), until)
        writes = told(kept, kept.channel, by, f"keeps the old rule until {until}", ports)
        contract = ports.records.get(Contract, proposed.model)
        if contract is not None:
            writes.append(changed(contract.keeping(proposed.loosened, by.id, until)))
        return kept, writes

    kept = change(ContractChange, change_id, step, ports)
    wake(kept, kept.channel, ports)
    return kept
