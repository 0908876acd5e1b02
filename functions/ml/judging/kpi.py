"""What a KPI's expression may name, counted; and its value with an interval."""

from collections.abc import Callable

import numpy as np

from core.domain.evaluation import Estimate, KpiFound
from core.domain.evaluation_config import Kpi
from core.domain.kpi import NoNumber, kpi_value
from functions.arrays import Floats
from functions.ml.judging.intervals import difference, estimate
from functions.ml.judging.judged import Judged

_ADDED = "partitions"  # no sum over rows: of a day that is left out it must be scaled as well


def kpi_found(kpi: Kpi, version: Judged, champion: Judged | None) -> KpiFound:
    """Compute the number of the business for both; where it has no value, say why."""
    found = KpiFound(name=kpi.name, unit=kpi.unit, version=None)
    ours = counts(version)
    try:
        kpi_value(kpi.expression, _named(list(ours), np.array([s.sum() for s in ours.values()])))
    except NoNumber as trouble:
        return found.model_copy(update={"trouble": str(trouble)})
    formula, sums = _formula(kpi.expression, list(ours)), _stacked(ours)
    update: dict[str, Estimate | None] = {"version": estimate(formula, sums)}
    if champion is not None:
        theirs = _stacked(counts(champion))
        update["champion"] = estimate(formula, theirs)
        pair = (theirs, sums) if kpi.is_better == "higher" else (sums, theirs)
        update["gain"] = difference(formula, pair[0], formula, pair[1])
    return found.model_copy(update=update)


def kpi_of_rows(kpi: Kpi, judged: Judged) -> float | None:
    """Compute the number of the business on these rows; `None` where it has no value on them."""
    counted = counts(judged)
    sums = np.array([column.sum() for column in counted.values()])
    try:
        return kpi_value(kpi.expression, _named(list(counted), sums))
    except NoNumber:
        return None


def counts(judged: Judged) -> dict[str, Floats]:
    """Count by group what is a sum over rows; each of shape (groups,)."""
    columns = _columns(judged)
    sums = judged.groups.sums(*columns.values())
    counted = {name: sums[:, at] for at, name in enumerate(columns)}
    partitions = len(np.unique(judged.partition)) / judged.groups.count
    return counted | {_ADDED: np.full(judged.groups.count, partitions)}


def _columns(judged: Judged) -> dict[str, np.ndarray]:
    columns: dict[str, np.ndarray] = {"rows": np.ones(judged.rows)}
    if judged.target.task == "multiclass":
        right = judged.decided == judged.truths
        return columns | {"correct": right, "wrong": ~right}
    if judged.target.task == "regression":
        error = judged.predictions - judged.truths
        return columns | {
            "sum_error": error,
            "sum_absolute_error": np.abs(error),
            "sum_too_high": np.maximum(error, 0),
            "sum_too_low": np.maximum(-error, 0),
            "sum_predicted": judged.predictions,
            "sum_true": judged.truths,
        }
    decided, true = judged.decided == 1, judged.truths == 1
    return columns | {
        "true_positives": decided & true,
        "false_positives": decided & ~true,
        "true_negatives": ~decided & ~true,
        "false_negatives": ~decided & true,
        "predicted_ones": decided,
        "actual_ones": true,
        "sum_score": judged.predictions,
    }


def _stacked(counted: dict[str, Floats]) -> Floats:
    return np.column_stack(list(counted.values()))


def _named(names: list[str], sums: Floats) -> dict[str, float]:
    """Name what was counted, and the means that follow from it."""
    named = dict(zip(names, (float(value) for value in sums), strict=True))
    for name in ("error", "absolute_error", "score"):
        if f"sum_{name}" in named:
            named[f"mean_{name}"] = named[f"sum_{name}"] / named["rows"]
    return named


def _formula(expression: str, names: list[str]) -> Callable[[Floats], Floats]:
    def one(sums: Floats) -> float:
        try:
            return kpi_value(expression, _named(names, sums))
        except NoNumber:
            return float("nan")

    return lambda sums: np.apply_along_axis(one, -1, sums)
