"""What the contract in force holds a partition to: it stays promised until a person decides."""

from collections.abc import Sequence

from core.domain.contract import Contract
from core.ports import Ports
from functions.flows.checking.history import History
from functions.flows.checking.trust import called_normal
from functions.ml.checking.contract import Held


def held_by(model: str, history: History, ports: Ports) -> Held:
    """Read the contract in force of a model, to hold a partition against it and this history."""
    contract = ports.records.get(Contract, model)

    def let_pass(column: str, places: Sequence[int]) -> bool:
        names = (history.partitions[place] for place in places)
        return called_normal(model, column, names, ports) is not None

    return Held(frozenset(contract.promises() if contract else ()), let_pass)
