"""Hold a partition against the contract in force: what it promises stays promised until decided."""

from collections.abc import Set as AbstractSet

from core.domain.contract import Contract
from core.domain.finding import Finding
from core.domain.model_config import ModelConfig
from core.ports import Ports
from functions.flows.history import History
from functions.flows.measure import watched
from functions.flows.trust import called_normal
from functions.ml.contract import Break, Promised, breaks_of, finding_of
from functions.ml.examine import About
from functions.ml.ruler import Ruler
from functions.ml.summary import Summary


def contract_findings(
    config: ModelConfig, summary: Summary, history: History, ruler: Ruler, ports: Ports
) -> list[Finding]:
    """Find the promises of the contract in force that a partition breaks.

    That some trusted partition broke one as well loosens nothing by itself; that a person let its
    alert pass does.
    """
    contract = ports.records.get(Contract, config.model)
    promises = set(contract.promises()) if contract else set()

    def is_let_pass(broken: Break) -> bool:
        before = (history.partitions[place] for place in broken.before)
        return called_normal(config.model, broken.promised[0], before, ports) is not None

    return [
        finding
        for broken, finding in held_against(promises, config, summary, history, ruler)
        if not is_let_pass(broken)
    ]


def held_against(
    promises: AbstractSet[Promised],
    config: ModelConfig,
    summary: Summary,
    history: History,
    ruler: Ruler,
) -> list[tuple[Break, Finding]]:
    """Find which promises a partition breaks, whoever let what pass before."""
    key = config.data.key
    shared = {*watched(config, ruler), key}
    of_now = {(column, what) for column, what in promises if column in shared}
    units = {name: column.unit for name, column in config.columns.items()}
    about = About(key, units, frozenset(config.sensitive))
    broken = breaks_of(of_now, history.summaries, summary, ruler, key)
    return [(one, finding_of(one, about)) for one in broken]
