"""Accept that a contract promises less: what trusted partitions broke is normal from now on."""

from core.domain.access import Verb
from core.domain.contract import Contract
from core.domain.contract_change import ContractChange
from core.domain.person import Person
from core.flows.change import change
from core.flows.permit import permit
from core.flows.telling import told, wake
from core.ports import Ports, Write, changed


def accept_contract(change_id: str, by: Person, ports: Ports) -> ContractChange:
    """Take what the change proposes out of the contract in force; its card says who did.

    Raises:
        Unknown: there is no such change.
        NotAllowed: the person may not.
        AlreadyDecided: somebody decided before, or a later training looked again.
        Busy: others changed the same contract again and again.
    """

    def step(proposed: ContractChange) -> tuple[ContractChange, list[Write]]:
        permit(Verb.DECIDE, by, proposed.model, ports)
        accepted = proposed.accepted(by, ports.now())
        writes = told(accepted, accepted.channel, by, "accepted it: no longer promised", ports)
        contract = ports.records.get(Contract, proposed.model)
        if contract is not None:
            writes.append(changed(contract.without(proposed.loosened)))
        return accepted, writes

    accepted = change(ContractChange, change_id, step, ports)
    wake(accepted, accepted.channel, ports)
    return accepted
