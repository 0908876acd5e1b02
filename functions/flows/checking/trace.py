"""What an alert of a backtest rests on, partition by partition: for a picture."""

from dataclasses import dataclass

from core.domain.finding import Finding
from core.domain.model_config import ModelConfig
from functions.arrays import Floats
from functions.flows.checking.measure import measured_of
from functions.flows.checking.walk import Looked, Past
from functions.ml.checking.trace import trace_of


@dataclass(frozen=True)
class Trace:
    """The number that an alert names first, and what it was before."""

    finding: Finding
    partitions: tuple[str, ...]
    """What it was compared with, oldest first, then the partition itself."""
    numbers: Floats
    """Shape (partitions,); not-a-number where one says nothing."""


def trace(config: ModelConfig, looked: Looked, past: Past) -> Trace | None:
    """Trace the number in an alert's first sentence.

    Returns:
        `None` where nothing is blamed, where the reason is no number (a column that is missing),
        and for sensitive columns, whose values nobody reads.
    """
    told = _told(looked)
    if told is None or looked.closed is None or told.is_sensitive:
        return None
    history, ruler = past.history_for(looked.partition), past.reference.ruler
    values = trace_of(told, measured_of(config, looked.closed.summary, history, ruler))
    if values is None:
        return None
    return Trace(told, (*history.partitions, looked.partition), values)


def _told(looked: Looked) -> Finding | None:
    if not looked.verdict.is_broken:
        return None
    worst = looked.verdict.blamed[0]
    return next(
        finding
        for finding in looked.findings
        if finding.column == worst.column and finding.sentence == worst.sentence
    )
