"""What a detector is worth, in numbers, from what it said of each case."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, median
from typing import Final, Self

from core.domain.base import Value
from infra.local.alert_bench.case_folder import NATURAL
from infra.local.alert_bench.worker import Outcome

ORACLE_FALSE_ALARMS: Final = 0.05

_FIRST = 1
_FIRST_THREE = 3


class Score(Value):
    """How well partitions were judged; all but the time are fractions.

    `None` where there was nothing to take it of: no such case, or no alert.
    """

    recall: float | None
    false_alarms: float | None
    """Share of natural partitions that alerted."""
    hard: float | None
    soft: float | None
    drift: float | None
    auc: float | None
    """Chance that a spoiled partition scores higher than a natural one; ties count half."""
    recall_at_5: float | None
    """Recall if 5 % of natural partitions may alert and the limit is chosen with hindsight."""
    top1: float | None
    """Of alerts with a column to blame: it was ranked first."""
    top3: float | None
    errors: float
    """Share of checks that failed."""
    check_ms: float
    """Median time of a check; the machine may have been busy."""

    @property
    def precision(self) -> float | None:
        """Share of alerts that are true when half of all partitions are spoiled."""
        return self._precision_at(0.5)

    @property
    def precision_at_5(self) -> float | None:
        """Share of alerts that are true when one partition in twenty is spoiled."""
        return self._precision_at(0.05)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of recall and of precision at half."""
        if self.precision is None or self.recall is None:
            return None
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Self:
        """Score the outcomes of one detector on one data set."""
        natural = [outcome for outcome in outcomes if outcome.case.group == NATURAL]
        spoiled = [outcome for outcome in outcomes if outcome.case.group != NATURAL]
        blameable = [outcome for outcome in spoiled if outcome.alert and outcome.case.columns]
        by_group = _grouped(spoiled, lambda outcome: outcome.case.group)
        return cls(
            recall=alert_rate(spoiled),
            false_alarms=alert_rate(natural),
            hard=alert_rate(by_group["hard"]),
            soft=alert_rate(by_group["soft"]),
            drift=alert_rate(by_group["drift"]),
            auc=auc(_scores(natural), _scores(spoiled)),
            recall_at_5=recall_at(_scores(natural), _scores(spoiled), ORACLE_FALSE_ALARMS),
            top1=_blamed(blameable, _FIRST),
            top3=_blamed(blameable, _FIRST_THREE),
            errors=fmean(outcome.failed for outcome in outcomes),
            check_ms=median(outcome.check_ms for outcome in outcomes),
        )

    @classmethod
    def mean(cls, scores: Sequence["Score"]) -> Self:
        """Average over data sets, each with the same weight; what is `None` is left out.

        Precision and F1 then follow from the averaged rates: they are not averages of ratios.
        """
        return cls(**{name: _mean(scores, name) for name in cls.model_fields})

    def _precision_at(self, spoiled: float) -> float | None:
        if self.recall is None or self.false_alarms is None:
            return None
        true, false = spoiled * self.recall, (1 - spoiled) * self.false_alarms
        return true / (true + false) if true + false else None


def scores_by_data_set(outcomes: Iterable[Outcome]) -> dict[str, Score]:
    """Score one detector on each data set."""
    grouped = _grouped(outcomes, lambda outcome: outcome.case.data_set)
    return {name: Score.of(mine) for name, mine in grouped.items()}


def recall_by_kind(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Return the share of alerts for each kind, natural partitions among them."""
    grouped = _grouped(outcomes, lambda outcome: outcome.case.kind)
    return {kind: fmean(outcome.alert for outcome in mine) for kind, mine in grouped.items()}


def alert_rate(outcomes: Sequence[Outcome]) -> float | None:
    """Return the share of outcomes that are alerts; `None` of none."""
    return fmean(outcome.alert for outcome in outcomes) if outcomes else None


def auc(natural: Sequence[float], spoiled: Sequence[float]) -> float | None:
    """Return the chance that a spoiled partition scores higher than a natural one.

    Source: Mann and Whitney (1947); a tie counts half.
    """
    if not natural or not spoiled:
        return None
    wins = sum((bad > good) + (bad == good) / 2 for bad in spoiled for good in natural)
    return wins / (len(natural) * len(spoiled))


def recall_at(
    natural: Sequence[float], spoiled: Sequence[float], false_alarms: float
) -> float | None:
    """Return the recall above the lowest limit that at most that share of natural ones exceed."""
    if not natural or not spoiled:
        return None
    allowed = int(false_alarms * len(natural))
    limit = sorted(natural, reverse=True)[allowed]
    return fmean(score > limit for score in spoiled)


def _blamed(outcomes: Sequence[Outcome], first: int) -> float | None:
    if not outcomes:
        return None
    return fmean(
        not set(outcome.case.columns).isdisjoint(outcome.ranked[:first]) for outcome in outcomes
    )


def _scores(outcomes: Iterable[Outcome]) -> list[float]:
    return [outcome.score for outcome in outcomes]


def _mean(scores: Sequence[Score], name: str) -> float | None:
    known = [value for score in scores if (value := getattr(score, name)) is not None]
    return fmean(known) if known else None


def _grouped(
    outcomes: Iterable[Outcome], key: Callable[[Outcome], str]
) -> defaultdict[str, list[Outcome]]:
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return groups
