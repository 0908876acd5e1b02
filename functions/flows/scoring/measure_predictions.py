"""Measure predictions as one more column of their model, under the one limit of all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.domain.finding import PLAINLY, ROWS, Finding, Kind
from core.domain.model_config import ModelConfig
from core.domain.verdict import Basis
from core.domain.watch import Watch
from core.ports import Ports
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.checking.history import History, history_before, reference_in_use
from functions.flows.checking.measure import compared_in_time, measured_of
from functions.flows.checking.output_columns import about_outputs, output_of, outputs_of
from functions.flows.scoring.outputs import constant
from functions.ml.checking.beside import beside
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.compare import Measured
from functions.ml.checking.examine import contract_findings, movement_findings
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.summary import Summary


def constant_findings(
    config: ModelConfig, predictions: LoggedPredictions, history: History | None
) -> Iterator[Finding]:
    """Find that a model says the same of every row, which it never did when all was well.

    Args:
        config: the model.
        predictions: of one partition.
        history: of its predictions; `None` where there is too little.
    """
    said = constant(config, predictions)
    if said is not None and not (history and _was_constant(history)):
        yield Finding(column=output_of(config), kind=Kind.CONSTANT, score=PLAINLY, where=said)


def _was_constant(history: History) -> bool:
    number = -1  # the last column is one, whatever the target is; words have no ends
    lows, highs = history.summaries.lows[:, number], history.summaries.highs[:, number]
    return bool((lows == highs).any())


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
    about, outputs = about_outputs(config), outputs_of(config)
    found = contract_findings(measured, about)
    contract = [_named(finding, output_of(config)) for finding in found]
    if summary.rows < config.alerts.minimum_rows:
        return Basis.TOO_FEW_ROWS, contract
    data = _data_before(config, partition, ports)
    both = sorted(set(history.partitions) & set(data[0].partitions)) if data else []
    if data is None or len(both) < FEWEST_PARTITIONS:
        return Basis.TOO_FEW_DAYS, contract
    output = Measured.of(_of(history, both), summary, ruler)
    joint = beside(_as_ever(config, *data, both), output)
    compared = compared_in_time(config, joint, [*both, partition])
    own = {series: s for series, s in compared.surprises.items() if series.column in outputs}
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
    return finding.model_copy(update={"column": name}) if finding.column == ROWS else finding
