"""Each metric as sums over rows and a formula, so that all of them get their intervals alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.domain.evaluation import HIGHER_IS_BETTER, Estimate, Metric, MetricName
from core.domain.target import Target
from functions.arrays import Floats
from functions.ml.judging.intervals import Formula, difference, estimate
from functions.ml.judging.judged import Judged
from functions.ml.judging.ranks import auc_parts
from functions.ml.losses import log_losses, pinball_losses


@dataclass(frozen=True)
class Measure:
    """One metric of some rows, before it is a number."""

    name: MetricName
    sums: Floats
    """Shape (groups, columns)."""
    formula: Formula

    @property
    def value(self) -> float:
        """The number itself; NaN where it is not defined."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(self.formula(self.sums.sum(axis=0)))


def compared(version: Measure, champion: Measure | None) -> Metric | None:
    """Say a metric of both with intervals; `None` when that of the version is not defined.

    The gain is that of pairs: what makes a row, or a day, hard for both cancels out.
    """
    ours = estimate(version.formula, version.sums)
    if ours is None:
        return None
    theirs = gain = None
    if champion is not None:
        theirs = estimate(champion.formula, champion.sums)
        gain = _gain(version, champion) if theirs is not None else None
    return Metric(name=version.name, version=ours, champion=theirs, gain=gain)


def measures_of(judged: Judged) -> tuple[Measure, ...]:
    """Return every metric of the task: the loss, the next score, the decision, and the rest."""
    if judged.target.quantile is not None:
        return (loss_of(judged), decision_of(judged))
    if judged.target.task == "regression":
        return (loss_of(judged), _root_mean_squared_error(judged), decision_of(judged))
    both = (loss_of(judged), _log_loss(judged), decision_of(judged))
    return (*both, _roc_auc(judged)) if judged.target.task == "binary" else both


def loss_of(judged: Judged) -> Measure:
    """Mean of the loss that the gate goes by, 0..1."""
    return _mean(_name_of_loss(judged.target), judged, judged.losses)


def _name_of_loss(target: Target) -> MetricName:
    if target.task != "regression":
        return "brier"
    return "squared_error" if target.quantile is None else "pinball_loss"


def decision_of(judged: Judged) -> Measure:
    """The metric of the decision that is served."""
    name = judged.config.decision(judged.target)
    if judged.target.quantile is not None:
        each = pinball_losses(judged.target.quantile, judged.predictions, judged.truths)
        return _mean(name, judged, each)
    if name == "mean_absolute_error":
        return _mean(name, judged, np.abs(judged.predictions - judged.truths))
    if name == "accuracy":
        return _mean(name, judged, judged.decided == judged.truths)
    if judged.target.task == "multiclass":
        return Measure(name, _by_class(judged), _MACRO[name])
    decided, true = judged.decided == 1, judged.truths == 1
    counts = (decided & true, decided & ~true, ~decided & true, ~decided & ~true)
    return Measure(name, judged.groups.sums(*counts), _BINARY[name])


def _gain(version: Measure, champion: Measure) -> Estimate | None:
    if version.name in HIGHER_IS_BETTER:
        return difference(champion.formula, champion.sums, version.formula, version.sums)
    return difference(version.formula, version.sums, champion.formula, champion.sums)


def _mean(name: MetricName, judged: Judged, column: Floats | np.ndarray) -> Measure:
    ones = np.ones(judged.rows)
    return Measure(name, judged.groups.sums(column, ones), lambda s: s[..., 0] / s[..., 1])


def _log_loss(judged: Judged) -> Measure:
    """In nats."""
    each = log_losses(judged.target, judged.predictions, judged.truths)
    return _mean("log_loss", judged, each)


def _root_mean_squared_error(judged: Judged) -> Measure:
    squares = (judged.predictions - judged.truths) ** 2
    sums = judged.groups.sums(squares, np.ones(judged.rows))
    return Measure("root_mean_squared_error", sums, lambda s: np.sqrt(s[..., 0] / s[..., 1]))


def _roc_auc(judged: Judged) -> Measure:
    """How often a row with label 1 scores above a row with label 0; ties count half."""
    is_one = judged.truths == 1
    middle, above, below = auc_parts(judged.predictions, is_one)
    sums = judged.groups.sums(above, is_one, below, ~is_one)
    return Measure(
        "roc_auc",
        sums,
        lambda s: s[..., 0] / s[..., 1] + s[..., 2] / s[..., 3] - middle,
    )


def _by_class(judged: Judged) -> Floats:
    """Count rows decided right, decided, and true, by class; shape (groups, 3 * classes)."""
    classes, groups = len(judged.target.classes), judged.groups
    place = groups.of_row * classes

    def count(of: Floats, weights: Floats | None = None) -> Floats:
        counted = np.bincount(place + of.astype(np.intp), weights, groups.count * classes)
        return counted.reshape(groups.count, classes).astype(np.float64)

    right = (judged.decided == judged.truths).astype(np.float64)
    return np.hstack([count(judged.truths, right), count(judged.decided), count(judged.truths)])


def _macro(share: Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]) -> Formula:
    """Average a share over the classes that are true or decided somewhere; of nothing it is 0."""

    def formula(sums: Floats) -> Floats:
        right, decided, true = np.split(sums, 3, axis=-1)
        of, whole = share(right, decided, true)
        shares = np.divide(of, whole, out=np.zeros_like(of), where=whole > 0)
        return np.asarray(shares.sum(axis=-1) / ((true + decided) > 0).sum(axis=-1))

    return formula


def _balanced(sums: Floats) -> Floats:
    """Average the recall over the classes that are true somewhere."""
    right, _, true = np.split(sums, 3, axis=-1)
    recalls = np.divide(right, true, out=np.zeros_like(right), where=true > 0)
    return np.asarray(recalls.sum(axis=-1) / (true > 0).sum(axis=-1))


_MACRO: Final[dict[MetricName, Formula]] = {
    "balanced_accuracy": _balanced,
    "recall": _macro(lambda right, _, true: (right, true)),
    "precision": _macro(lambda right, decided, _: (right, decided)),
    "f1": _macro(lambda right, decided, true: (2 * right, decided + true)),
}
_HIT, _FALSE, _MISSED, _PASSED = range(4)
_BINARY: Final[dict[MetricName, Formula]] = {
    "balanced_accuracy": lambda s: (
        (
            s[..., _HIT] / (s[..., _HIT] + s[..., _MISSED])
            + s[..., _PASSED] / (s[..., _PASSED] + s[..., _FALSE])
        )
        / 2
    ),
    "recall": lambda s: s[..., _HIT] / (s[..., _HIT] + s[..., _MISSED]),
    "precision": lambda s: s[..., _HIT] / (s[..., _HIT] + s[..., _FALSE]),
    "f1": lambda s: 2 * s[..., _HIT] / (2 * s[..., _HIT] + s[..., _FALSE] + s[..., _MISSED]),
}
