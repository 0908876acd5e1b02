"""Measure predictions as one more column of their model, under the one limit of all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.domain.finding import PLAINLY, Finding, Kind
from core.domain.model_config import ModelConfig
from core.domain.partition import weekdays_of
from core.domain.verdict import Basis
from core.domain.watch import Watch
from core.domain.wording import number
from core.ports import Ports
from functions.arrays import Floats
from functions.flows.history import History, history_before, reference_in_use
from functions.flows.measure import measured_of
from functions.ml.beside import beside
from functions.ml.calibrate import FEWEST_PARTITIONS
from functions.ml.compare import Measured, compare
from functions.ml.examine import About, contract_findings, movement_findings
from functions.ml.ruler import Ruler
from functions.ml.summary import Summary

_ALWAYS_CONSTANT: Final = "DummyClassifier"


def output_of(config: ModelConfig) -> str:
    """Say what predictions are called in sentences: `prediction`, unless a column has that name."""
    return "prediction" if "prediction" not in config.columns else "predicted score"


def constant_findings(
    config: ModelConfig, scores: Floats, history: History | None
) -> Iterator[Finding]:
    """Find that a model says the same of every row, which it never did when all was well.

    Args:
        config: the model.
        scores: shape (rows,), what it predicted.
        history: of its predictions; `None` where there is too little.
    """
    was_so = history is not None and (history.summaries.lows == history.summaries.highs).any()
    is_meant = config.serving == "here" and config.training.estimator == _ALWAYS_CONSTANT
    if len(scores) < config.alerts.minimum_rows or was_so or is_meant:
        return
    if scores.min() == scores.max():
        said = number(float(scores[0]))
        yield Finding(column=output_of(config), kind=Kind.CONSTANT, score=PLAINLY, where=said)


def measure_predictions(  # noqa: PLR0913, PLR0917 - what was predicted, and where to look up the rest
    config: ModelConfig,
    partition: str,
    summary: Summary,
    history: History,
    ruler: Ruler,
    ports: Ports,
) -> tuple[Basis, list[Finding]]:
    """Find how predictions moved, beside the columns they were made from.

    One limit holds for the columns and the predictions together, so that watching them too
    costs no other alarm budget: they are one more column.
    """
    measured = Measured.of(history.summaries, summary, ruler)
    about = About(config.data.key, {}, frozenset())
    name = output_of(config)
    contract = [_named(finding, name) for finding in contract_findings(measured, about)]
    if summary.rows < config.alerts.minimum_rows:
        return Basis.TOO_FEW_ROWS, contract
    data = _data_before(config, partition, ports)
    both = sorted(set(history.partitions) & set(data[0].partitions)) if data else []
    if data is None or len(both) < FEWEST_PARTITIONS:
        return Basis.TOO_FEW_DAYS, contract
    output = Measured.of(_of(history, both), summary, ruler)
    joint = beside(_as_ever(config, *data, both), output)
    weekdays = weekdays_of([*both, partition])
    budget = config.alerts.partitions_per_false_alarm
    compared = compare(joint, None if weekdays is None else np.array(weekdays), budget)
    own = {series: s for series, s in compared.surprises.items() if series.column == name}
    of_output = replace(compared, surprises=own, relation_scores={}, shifts={})
    moved = movement_findings(output, of_output, about)
    return Basis.REFERENCE, [*contract, *moved]


def _data_before(config: ModelConfig, partition: str, ports: Ports) -> tuple[History, Ruler] | None:
    """Collect what the columns were like before; `None` before anything was learned of them."""
    watch = ports.records.get(Watch, config.model)
    in_use = reference_in_use(watch.reference_key if watch else None, ports)
    if in_use is None:
        return None
    return history_before(config.model, partition, in_use, ports), in_use.reference.ruler


def _as_ever(
    config: ModelConfig, history: History, ruler: Ruler, partitions: Sequence[str]
) -> Measured:
    """Measure the columns of some partitions, the last one once more in the place of today's.

    Only what they were before sets the limit, and today's columns may not be checked yet.
    """
    before = _of(history, partitions)
    chosen = replace(history, partitions=tuple(partitions), summaries=before)
    return measured_of(config, before[-1], chosen, ruler)


def _of(history: History, partitions: Sequence[str]) -> Summary:
    return history.summaries[[history.partitions.index(name) for name in partitions]]


def _named(finding: Finding, name: str) -> Finding:
    """Say of what is found in whole rows that it is in the predictions: they are all there is."""
    return finding.model_copy(update={"column": name})
