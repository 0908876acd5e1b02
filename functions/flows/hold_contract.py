"""Hold a partition against the contract in force: what it promises stays promised until decided."""

from core.domain.contract import Contract
from core.domain.finding import Finding
from core.domain.model_config import ModelConfig
from core.ports import Ports
from functions.flows.history import History
from functions.flows.measure import watched
from functions.flows.trust import called_normal
from functions.ml.contract import Break, breaks_of, finding_of
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
    if contract is None:
        return []
    key = config.data.key
    shared = {*watched(config, ruler), key}
    promises = {(column, what) for column, what in contract.promises() if column in shared}
    broken = breaks_of(promises, history.summaries, summary, ruler, key)
    units = {name: column.unit for name, column in config.columns.items()}
    about = About(key, units, frozenset(config.sensitive))

    def is_let_pass(one: Break) -> bool:
        before = (history.partitions[place] for place in one.before)
        return called_normal(config.model, one.promised[0], before, ports) is not None

    return [finding_of(one, about) for one in broken if not is_let_pass(one)]
