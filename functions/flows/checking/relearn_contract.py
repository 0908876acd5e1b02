"""Say what a reference promises, column by column, and refit the contract in force with it."""

from datetime import date

import numpy as np

from core.domain.contract import Breaks, Promise
from core.domain.contract_refit import Learned, Refit
from core.domain.model_config import ModelConfig
from core.flows.refit_contract import refit_contract
from core.ports import Ports
from functions.arrays import Floats
from functions.flows.checking.trust import called_normal
from functions.ml.checking.contract import LearnedPromises, learn_promises, learned_columns
from functions.ml.checking.reference import Reference


def relearn_contract(
    config: ModelConfig, reference_key: str, reference: Reference, ports: Ports
) -> None:
    """Refit the contract of a model with what its trusted partitions kept and broke.

    Raises:
        Busy: others changed the same contract again and again.
    """
    units = {name: column.unit for name, column in config.columns.items()}
    promises = learn_promises(reference, config.data.key)
    columns = tuple(
        Learned(
            column=column,
            kept=_kept(column.column, promises),
            broken={
                promise: _breaks(config.model, name, shares, reference, ports)
                for (name, promise), shares in promises.breaks.items()
                if name == column.column
            },
            written=_written(column.column, config, ports.now().date()),
        )
        for column in learned_columns(reference, units, config.data.key)
    )
    refit = Refit(
        model=config.model,
        channel=config.channel,
        reference_key=reference_key,
        partitions=reference.partitions,
        columns=columns,
    )
    refit_contract(refit, ports)


def _kept(column: str, promises: LearnedPromises) -> frozenset[Promise]:
    kept = {promise for name, promise in promises.kept if name == column}
    if Promise.NOT_NEGATIVE in kept:  # which says it as well
        kept.discard(Promise.NOT_MINUS_ONE)
    return frozenset(kept)


def _written(column: str, config: ModelConfig, day: date) -> frozenset[Promise]:
    """Say which promises the rules that people wrote imply."""
    found: set[Promise] = set()
    for rule in config.constraints:
        if rule.column != column or not rule.is_judged_on(day):
            continue
        if rule.never_null:
            found.add(Promise.FILLED)
        if rule.unique:
            found.add(Promise.ONCE)
        if rule.at_least is not None and rule.at_least >= 0:
            found |= {Promise.NOT_NEGATIVE, Promise.NOT_MINUS_ONE}
    return frozenset(found)


def _breaks(model: str, column: str, shares: Floats, reference: Reference, ports: Ports) -> Breaks:
    broken = [reference.partitions[i] for i in np.flatnonzero(shares)[::-1]]
    accepted = called_normal(model, column, broken, ports)
    return Breaks(partitions=len(broken), most=float(shares.max()), accepted=accepted)
