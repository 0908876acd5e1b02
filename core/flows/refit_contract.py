"""Put what a training learned into the contract in force; what would loosen it is for a person."""

from core.domain.contract import Contract, Refit, Refitted, refitted
from core.domain.contract_change import ChangeState, ContractChange
from core.domain.errors import Busy
from core.domain.person import Person
from core.flows.telling import announced, told, wake
from core.ports import Ports, Write, changed, new

_ATTEMPTS = 5


def refit_contract(refit: Refit, ports: Ports) -> ContractChange | None:
    """Refit a model's contract, and post one card if somebody has to decide about it.

    Called again for the same reference it does nothing. A card that nobody decided gives way to
    what was found now.

    Returns:
        what changed; `None` when nothing did, or when it was learned for the first time.

    Raises:
        Busy: others changed the same contract again and again.
    """
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Contract, refit.model)
        if before is not None and before.reference_key == refit.reference_key:
            return None
        found = refitted(before, refit, ports.now())
        change = _change(before, refit, found, ports) if before else None
        after = _contract(before, refit, found, change, ports)
        writes = [changed(after) if before else new(after)]
        if change is not None:
            writes += _recorded(change, ports)
        if before is not None and before.proposal is not None:
            writes += _replaced(before.proposal, ports)
        if ports.records.commit(*writes):
            if change is not None:
                wake(change, refit.channel, ports)
            return change
    raise Busy


def _change(before: Contract, refit: Refit, found: Refitted, ports: Ports) -> ContractChange | None:
    if not (found.followed or found.loosened):
        return None
    return ContractChange(
        id=ContractChange.id_of(refit.model, refit.reference_key, before.revision),
        model=refit.model,
        channel=refit.channel,
        at=ports.now(),
        followed=found.followed,
        loosened=found.loosened,
        state=ChangeState.OPEN if found.loosened else ChangeState.FOLLOWED,
    )


def _contract(
    before: Contract | None,
    refit: Refit,
    found: Refitted,
    change: ContractChange | None,
    ports: Ports,
) -> Contract:
    return Contract(
        id=refit.model,
        revision=before.revision if before else 0,
        reference_key=refit.reference_key,
        learned_at=ports.now(),
        partitions=len(refit.partitions),
        first=refit.partitions[0],
        last=refit.partitions[-1],
        columns=found.columns,
        proposal=change.id if change and change.state is ChangeState.OPEN else None,
    )


def _recorded(change: ContractChange, ports: Ports) -> list[Write]:
    """Store a change; only one that waits for a decision is worth a message."""
    if change.state is not ChangeState.OPEN:
        return [new(change)]
    what = "refitted the contract and asks what it may promise no longer"
    return [new(change), *announced(change, change.channel, Person.machine(), what, ports)]


def _replaced(change_id: str, ports: Ports) -> list[Write]:
    waiting = ports.records.get(ContractChange, change_id)
    if waiting is None or waiting.state is not ChangeState.OPEN:
        return []
    after = waiting.replaced()
    what = "looked again at a later training"
    return [changed(after), *told(after, after.channel, Person.machine(), what, ports)]
