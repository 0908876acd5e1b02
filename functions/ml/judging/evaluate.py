"""The one evaluator: predictions and truths in, numbers out; it knows no model and no day."""

from collections.abc import Sequence
from typing import Final

from core.domain.evaluation import TITLES, Metric, Part, PartKind, Standard
from core.domain.evaluation_config import EvaluationConfig
from core.domain.target import Target
from functions.ml.judging.judged import Judged
from functions.ml.judging.measures import Measure, compared, decision_of, loss_of, measures_of


def metrics(version: Judged, champion: Judged | None) -> tuple[Metric, ...]:
    """Measure the version, and the champion on the same rows, by everything the task has."""
    return _compared(measures_of(version), measures_of(champion) if champion else None)


def part(kind: PartKind, name: str, version: Judged, champion: Judged | None, fewest: int) -> Part:
    """Measure some rows by themselves, by the loss and the decision metric.

    Args:
        kind: what they are.
        name: what they are called.
        version: its predictions of these rows.
        champion: the champion's; `None` without one.
        fewest: with fewer rows nothing is judged.
    """
    if version.rows < max(fewest, 1):
        return Part(kind=kind, name=name, rows=version.rows)
    theirs = (loss_of(champion), decision_of(champion)) if champion else None
    found = _compared((loss_of(version), decision_of(version)), theirs)
    return Part(kind=kind, name=name, rows=version.rows, metrics=found)


def by_label(version: Judged, champion: Judged | None) -> tuple[Part, ...]:
    """Measure the rows of each label by themselves; a number has no labels.

    Where all rows are of one label, the share that was decided right is the decision metric.
    """
    plain = version.config.model_copy(update={"metric": "accuracy"})
    names = {"binary": ("0", "1"), "multiclass": version.target.classes, "regression": ()}
    parts = []
    for place, name in enumerate(names[version.target.task]):
        is_meant = version.truths == place
        ours = _plain(version.of(is_meant), plain)
        theirs = _plain(champion.of(is_meant), plain) if champion else None
        parts.append(part("label", name, ours, theirs, version.config.minimum_rows))
    return tuple(parts)


def standards(
    of_all: Sequence[Metric], parts: Sequence[Part], target: Target, margin: float
) -> tuple[Standard, ...]:
    """Say what must not be worse by the margin: the decision, and each protected slice.

    Args:
        of_all: the metrics of all rows, as `metrics` gives them.
        parts: those of the version; the loss of the protected ones counts.
        target: an absolute error is compared with that share of the target's span.
        margin: 0..1.
    """
    low, high = target.between or (0.0, 1.0)
    decision = [one for one in of_all if one.name not in _OF_SCORES]
    of_decision = [
        Standard(name=TITLES[one.name], gain=one.gain, margin=margin * (high - low))
        for one in decision
    ]
    of_slices = [
        Standard(name=part.name, gain=part.gain, margin=margin)
        for part in parts
        if part.is_protected
    ]
    return (*of_decision, *of_slices)


_OF_SCORES: Final = frozenset(
    {"brier", "log_loss", "squared_error", "pinball_loss", "root_mean_squared_error", "roc_auc"}
)


def _plain(judged: Judged, config: EvaluationConfig) -> Judged:
    return Judged(judged.target, config, judged.predictions, judged.truths, judged.partition)


def _compared(ours: Sequence[Measure], theirs: Sequence[Measure] | None) -> tuple[Metric, ...]:
    beside = theirs if theirs is not None else [None] * len(ours)
    both = (compared(one, other) for one, other in zip(ours, beside, strict=True))
    return tuple(metric for metric in both if metric is not None)
