"""Measure a partition by what is known of the model; nothing is decided here."""

from collections.abc import Sequence

import numpy as np

from core.domain.alarm_budget import judgements_per_false_alarm
from core.domain.finding import Finding
from core.domain.model_config import ModelConfig
from core.domain.partition import weekdays_of
from core.domain.verdict import Basis, ErrorClass
from functions.data.partitions import Columns
from functions.flows.checking.history import History
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.compare import Comparison, Measured, compare
from functions.ml.checking.contract import NOTHING_HELD, Held
from functions.ml.checking.examine import About, contract_findings, movement_findings
from functions.ml.checking.ruler import NumberRuler, Ruler
from functions.ml.checking.season import moments_of
from functions.ml.checking.summary import Summary


def measure(  # noqa: PLR0913, PLR0917 - a partition, and all that is known of its model
    config: ModelConfig,
    partition: str,
    summary: Summary,
    history: History,
    ruler: Ruler,
    held: Held = NOTHING_HELD,
) -> tuple[Basis, list[Finding]]:
    """Find what the contract says of a partition, and where it has enough history how it moved."""
    measured = measured_of(config, summary, history, ruler)
    units = {name: column.unit for name, column in config.columns.items()}
    about = About(config.data.key, units, frozenset(config.sensitive))
    contract = [*contract_findings(measured, about), *held.findings(measured, about)]
    is_learning = len(history.partitions) < FEWEST_PARTITIONS
    if is_learning:  # what is not plainly wrong may be what the next ones look like
        contract = [finding for finding in contract if finding.error_class is ErrorClass.HARD]
    if summary.rows < config.alerts.minimum_rows:
        return Basis.TOO_FEW_ROWS, contract
    if is_learning:
        return Basis.TOO_FEW_DAYS, contract
    compared = compared_in_time(config, measured, [*history.partitions, partition])
    return Basis.REFERENCE, [*contract, *movement_findings(measured, compared, about, contract)]


def measured_of(config: ModelConfig, summary: Summary, history: History, ruler: Ruler) -> Measured:
    """Put a partition behind its history, with the columns that both of them have."""
    shared = watched(config, ruler)
    return Measured.of(
        history.summaries.only(ruler, shared), summary.only(ruler, shared), ruler.only(shared)
    )


def compared_in_time(config: ModelConfig, measured: Measured, names: Sequence[str]) -> Comparison:
    """Compare a partition with its history, by the weekdays and the seasons they were of.

    Args:
        config: which budget of false alarms there is.
        measured: the partition and its history.
        names: of the partitions of the history, and of the partition itself as the last.
    """
    days = weekdays_of(names)
    weekdays = None if days is None else np.array(days)
    return compare(measured, weekdays, judgements_per_false_alarm(config), moments_of(names))


def watched(config: ModelConfig, ruler: Ruler) -> list[str]:
    """Name the columns that can be compared: others wait for the next training.

    A column that was made sensitive shows no value from that moment on.
    """
    return [
        name
        for name, rule in ruler.columns.items()
        if name in config.columns
        and isinstance(rule, NumberRuler) == (config.columns[name].type == "number")
        and rule.is_sensitive == (name in config.sensitive)
    ]


def columns_of(config: ModelConfig) -> Columns:
    """Say what a model's checks read."""
    kinds = {name: column.type for name, column in config.columns.items()}
    data = config.data
    of_labels = {config.target.column} if data.labels == data.features else set()
    besides = frozenset({data.event_time, *of_labels})
    joins = data if data.as_of else None
    return Columns(data.key, kinds, frozenset(config.sensitive), besides, joins)
