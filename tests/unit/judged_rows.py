"""Rows that were predicted and judged, for a target of each task."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.domain.evaluation_config import EvaluationConfig
from core.domain.target import Target
from functions.ml.judging.judged import Judged

BINARY = Target(column="late", delay_days=1)
CLASSES = Target(column="grade", task="multiclass", classes=("a", "b", "c"), delay_days=1)
NUMBER = Target(column="delay", task="regression", between=(-10, 30), delay_days=1)


def judged(
    predictions: ArrayLike, truths: ArrayLike, target: Target = BINARY, days: int = 1, **config: Any
) -> Judged:
    told = np.asarray(truths, np.float64)
    of = np.arange(len(told)) * days // max(len(told), 1)
    rules = EvaluationConfig.model_validate(config)
    return Judged(target, rules, np.asarray(predictions, np.float64), told, of.astype(np.intp))
