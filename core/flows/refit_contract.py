"""Put what a training learned into the contract in force; what would loosen it is for a person."""

from core.domain.contract import Contract, Loosening
from core.domain.contract_change import ChangeState, ContractChange
from core.domain.contract_refit import Refit, Refitted, refitted
from core.domain.errors import Busy
from core.domain.outbox import OutboxEntry
from core.domain.person import Person
from core.flows.telling import announced, told, wake
from core.ports import Ports, Write, changed, new

_ATTEMPTS = 5


def refit_contract(refit: Refit, ports: Ports) -> ContractChange | None:
    """Refit a model's contract, and post one card if somebody has to decide about it.

    Called again for the same reference it does nothing. A card that nobody decided stands, with the
    numbers of now, while the question is the same, and gives way when it is another one.

    Returns:
        what changed; `None` when nothing did, or when it was learned for the first time.

    Raises:
        Busy: others changed the same contract again and again.
    """
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Contract, refit.model)
        if before is None:
            first = refitted(None, refit, ports.now())
            if ports.records.commit(new(_contract(refit, first, None, ports))):
                return None
        elif before.reference_key == refit.reference_key:
            return None
        else:
            change, writes = _next(before, refit, ports)
            if ports.records.commit(*writes):
                wake(before, refit.channel, ports)
                return change
    raise Busy


def _next(
    before: Contract, refit: Refit, ports: Ports
) -> tuple[ContractChange | None, list[Write]]:
    """Return what changed, and the writes that put it down and tell it."""
    found = refitted(before, refit, ports.now())
    waiting = ports.records.get(ContractChange, before.proposal) if before.proposal else None
    writes: list[Write] = []
    asked = found.loosened
    if waiting is not None and waiting.asks(found.loosened):
        again, asked = waiting.seen_again(found.loosened), ()
        writes += [changed(again), new(OutboxEntry.redraw(again, again.channel, ports.now()))]
    elif waiting is not None and waiting.state is ChangeState.OPEN:
        writes += _replaced(waiting, ports)
        waiting = None
    change = _change(before, refit, found.followed, asked, ports)
    if change is not None:
        writes += _recorded(change, ports)
    proposal = change.id if change and asked else waiting.id if waiting and not asked else None
    after = _contract(refit, found, proposal, ports)
    return change, [changed(after.model_copy(update={"revision": before.revision})), *writes]


def _change(
    before: Contract,
    refit: Refit,
    followed: tuple[str, ...],
    asked: tuple[Loosening, ...],
    ports: Ports,
) -> ContractChange | None:
    if not (followed or asked):
        return None
    return ContractChange(
        id=ContractChange.id_of(refit.model, refit.reference_key, before.revision),
        model=refit.model,
        channel=refit.channel,
        at=ports.now(),
        followed=followed,
        loosened=asked,
        state=ChangeState.OPEN if asked else ChangeState.FOLLOWED,
    )


def _contract(refit: Refit, found: Refitted, proposal: str | None, ports: Ports) -> Contract:
    return Contract(
        id=refit.model,
        reference_key=refit.reference_key,
        learned_at=ports.now(),
        partitions=len(refit.partitions),
        first=refit.partitions[0],
        last=refit.partitions[-1],
        columns=found.columns,
        proposal=proposal,
    )


def _recorded(change: ContractChange, ports: Ports) -> list[Write]:
    """Store a change; only one that waits for a decision is worth a message."""
    if change.state is not ChangeState.OPEN:
        return [new(change)]
    what = "refitted the contract and asks what it may promise no longer"
    return [new(change), *announced(change, change.channel, Person.machine(), what, ports)]


def _replaced(waiting: ContractChange, ports: Ports) -> list[Write]:
    after = waiting.replaced()
    what = "looked again at a later training"
    return [changed(after), *told(after, after.channel, Person.machine(), what, ports)]
