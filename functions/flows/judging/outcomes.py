"""How predictions turned out: those of one version, and all that people got."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from core.domain.cohort import Outcome
from core.domain.model_config import ModelConfig
from core.domain.scored import Logged
from functions.data.label_store import Labels
from functions.data.logged_predictions import LoggedPredictions
from functions.ml.judging.judged import Judged
from functions.ml.judging.kpi import kpi_of_rows
from functions.ml.judging.said_bins import curve_of
from functions.ml.judging.turned_out import turned_out
from functions.ml.losses import Predictions, Truths

Log = tuple[Logged, LoggedPredictions]
_Pairs = tuple[Predictions, Truths]


def outcome_of(config: ModelConfig, log: Log, labels: Labels) -> Outcome:
    """Hold what one version said against the labels."""
    logged, read = log
    pairs = _pairs(config, read, labels)
    outcome = _outcome(config, logged, len(read.keys), [] if pairs is None else [pairs])
    if pairs is None or not outcome.labelled:
        return outcome
    curve = curve_of(config.target, config.evaluation.cut, *pairs)
    return outcome.model_copy(update={"curve": curve})


def outcome_as_served(config: ModelConfig, logs: Sequence[Log], labels: Labels) -> Outcome | None:
    """Hold what people got against the labels, each row once; `None` where one version served all.

    A canary's rows count as it served them: what the champion says of them is for comparison only.
    Of others that served, rows that were asked for before their partition was scored, each has its
    own.

    Args:
        config: in force.
        logs: of the partition, who served most of it first.
        labels: those that are there.
    """
    served = [log for log in logs if log[0].stage != "shadow"]
    if len(served) < 2:  # noqa: PLR2004 - nobody served beside the champion
        return None
    known: pd.Index[str] = pd.Index([], dtype="str")
    pairs = list[_Pairs]()
    for _, read in sorted(served, key=lambda log: log[0].stage != "canary"):
        own = read.without(known)
        known = known.append(own.keys)
        found = _pairs(config, own, labels)
        pairs += [] if found is None else [found]
    return _outcome(config, served[0][0], len(known), pairs)


def _pairs(config: ModelConfig, read: LoggedPredictions, labels: Labels) -> _Pairs | None:
    """Leave the rows that have a label; `None` where another kind of target was predicted."""
    predicted = read.numbered()
    values = predicted.for_target(config.target)
    if values is None:
        return None
    truths = labels.of(predicted.keys)
    is_known = ~np.isnan(truths)
    return values[is_known], truths[is_known]


def _outcome(
    config: ModelConfig, logged: Logged, predicted: int, pairs: Sequence[_Pairs]
) -> Outcome:
    labelled = sum(len(truths) for _, truths in pairs)
    outcome = Outcome(
        version=logged.version,
        stage=logged.stage,
        key=logged.key,
        predicted=predicted,
        labelled=labelled,
        loss=None,
    )
    if not labelled:
        return outcome
    predictions = np.concatenate([values for values, _ in pairs])
    truths = np.concatenate([truths for _, truths in pairs])
    turned = turned_out(config.target, config.evaluation.cut, predictions, truths)
    update = {**asdict(turned), **_kpi(config, predictions, truths), "unit": config.target.unit}
    return outcome.model_copy(update=update)


def _kpi(config: ModelConfig, predictions: Predictions, truths: Truths) -> dict[str, object]:
    kpi = config.evaluation.kpi
    if kpi is None:
        return {}
    of_one = np.zeros(len(truths), np.intp)
    judged = Judged(config.target, config.evaluation, predictions, truths, of_one)
    return {"kpi": kpi_of_rows(kpi, judged), "kpi_expression": kpi.expression}
