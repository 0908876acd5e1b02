"""How a partition that did not pass came to differ: measured once more, as few do not pass."""

from collections.abc import Sequence

import numpy as np

from core.domain.finding import Finding
from core.domain.model_config import ModelConfig
from core.domain.origin import Movement
from core.domain.partition import weekdays_of
from functions.flows.checking.history import History
from functions.flows.checking.measure import compared_in_time, measured_of
from functions.ml.checking.calibrate import FEWEST_PARTITIONS
from functions.ml.checking.movement import movement
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.summary import Summary


def movement_of(  # noqa: PLR0913, PLR0917 - what `measure` takes, and what it found
    config: ModelConfig,
    partition: str,
    summary: Summary,
    history: History,
    ruler: Ruler,
    findings: Sequence[Finding],
) -> Movement | None:
    """Describe it; `None` where nothing is broken, or too little is there to compare with."""
    is_short = len(history.partitions) < FEWEST_PARTITIONS
    is_small = summary.rows < config.alerts.minimum_rows
    if is_short or is_small or not any(finding.score >= 1 for finding in findings):
        return None
    measured = measured_of(config, summary, history, ruler)
    names = [*history.partitions, partition]
    compared = compared_in_time(config, measured, names)
    days = weekdays_of(names)
    weekdays = None if days is None else np.array(days)
    return movement(measured, compared, findings, weekdays)
