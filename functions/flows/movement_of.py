"""How a partition that did not pass came to differ: measured once more, as few do not pass."""

from collections.abc import Sequence

import numpy as np

from core.domain.alarm_budget import judgements_per_false_alarm
from core.domain.finding import Finding
from core.domain.model_config import ModelConfig
from core.domain.origin import Movement
from core.domain.partition import weekdays_of
from functions.flows.history import History
from functions.flows.measure import measured_of
from functions.ml.calibrate import FEWEST_PARTITIONS
from functions.ml.compare import compare
from functions.ml.movement import movement
from functions.ml.ruler import Ruler
from functions.ml.summary import Summary


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
    names = weekdays_of([*history.partitions, partition])
    weekdays = None if names is None else np.array(names)
    compared = compare(measured, weekdays, judgements_per_false_alarm(config))
    return movement(measured, compared, findings, weekdays)
