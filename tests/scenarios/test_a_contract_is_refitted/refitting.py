"""A contract that trainings learn, and days that break it: the words that these stories share."""

import pandas as pd

from core.domain.contract import Contract, Promise
from core.domain.contract_change import ContractChange
from core.domain.partition import days_before
from tests.checked_model import DAY, flights
from tests.scenarios.scene import Scene
from tests.watched_model import WatchedModel


def day(ahead: int) -> str:
    return days_before(DAY, -ahead)


def with_holes(name: str) -> pd.DataFrame:
    """Make a day in which one distance in twenty is missing."""
    return flights(name).assign(distance=lambda rows: rows["distance"].where(rows.index % 20 != 0))


def refit(watched: WatchedModel) -> None:
    """Let the scheduled training learn from all that has landed."""
    watched.call("retrain", {"model": "flights", "reason": "cadence", "asked_by": "watchkeeper"})


def contract(watched: WatchedModel) -> Contract:
    found = watched.ports.records.get(Contract, "flights")
    assert found is not None
    return found


def promises(watched: WatchedModel, column: str) -> set[Promise]:
    return {promise for of, promise in contract(watched).promises() if of == column}


def changes(watched: WatchedModel) -> list[ContractChange]:
    return watched.ports.records.query(ContractChange, "contract_changes:flights")


def broken_by_unchecked_days(scene: Scene, watched: WatchedModel) -> None:
    """Let three days land that nobody checks, with holes; then the next training looks at them."""
    for ahead in range(3):
        watched.lands(day(ahead), with_holes(day(ahead)))
    refit(watched)
    scene.deliver()
