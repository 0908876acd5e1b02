"""Changes of a contract that a person is asked about."""

from typing import Any

from core.domain.contract import Breaks, Loosening, Promise
from core.domain.contract_change import ChangeState, ContractChange
from tests.builders import CHANNEL, NOON

SOME = Breaks(partitions=3, most=0.05)


def a_change(*loosened: Loosening, **changes: Any) -> ContractChange:
    stated = {
        "id": "cch_1",
        "model": "flights",
        "channel": CHANNEL,
        "at": NOON,
        "followed": (),
        "loosened": loosened,
        "state": ChangeState.OPEN,
    }
    return ContractChange.model_validate(stated | changes)


def a_loosening(promise: Promise = Promise.FILLED, column: str = "distance") -> Loosening:
    return Loosening(column=column, promise=promise, breaks=SOME, of=28)
