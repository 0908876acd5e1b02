"""From cohorts to realised quality; apart, so that the bot does not load it."""

from collections.abc import Callable, Iterable, Sequence
from math import sqrt

from core.domain.cohort import Cohort, Outcome
from core.domain.ids import VersionId
from core.domain.quality import Quality

Turned = tuple[str, Outcome]
"""A partition, and how one version did on it."""


def quality_of(turned: Iterable[Turned]) -> Quality | None:
    """Put outcomes together, each row counting as much as any other; `None` without a label.

    After a config has changed what is predicted, only what is measured like the newest counts.
    """
    known = [(partition, outcome) for partition, outcome in turned if outcome.labelled]
    if not known:
        return None
    known_up_to, newest = max(known, key=lambda one: one[0])
    alike = [outcome for _, outcome in known if outcome.measured_in == newest.measured_in]
    squared = _mean(alike, _squared)
    return Quality(
        partitions=len(alike),
        rows=sum(outcome.labelled for outcome in alike),
        brier=_mean(alike, lambda outcome: outcome.brier),
        accuracy=_mean(alike, lambda outcome: outcome.accuracy),
        mean_absolute_error=_mean(alike, lambda outcome: outcome.mean_absolute_error),
        root_mean_squared_error=None if squared is None else sqrt(squared),
        mean_pinball_loss=_mean(alike, lambda outcome: outcome.mean_pinball_loss),
        unit=newest.unit,
        known_up_to=known_up_to,
    )


def _mean(outcomes: Sequence[Outcome], number: Callable[[Outcome], float | None]) -> float | None:
    """Average over rows; `None` where it is not measured."""
    weighed = [
        (value, outcome.labelled) for outcome in outcomes if (value := number(outcome)) is not None
    ]
    rows = sum(labelled for _, labelled in weighed)
    return sum(value * labelled for value, labelled in weighed) / rows if rows else None


def _squared(outcome: Outcome) -> float | None:
    error = outcome.root_mean_squared_error
    return None if error is None else error**2


def served_quality(cohorts: Sequence[Cohort]) -> Quality | None:
    """Say how what people got did."""
    return quality_of((cohort.partition, cohort.served) for cohort in cohorts)


def version_quality(cohorts: Sequence[Cohort], version: VersionId) -> Quality | None:
    """Say how one version did, served or in shadow."""
    return quality_of(
        (cohort.partition, outcome)
        for cohort in cohorts
        for outcome in cohort.outcomes
        if outcome.version == version
    )


def both_predicted(
    cohorts: Sequence[Cohort], challenger: VersionId, champion: VersionId
) -> list[Cohort]:
    """Leave the cohorts on which the two can be compared: the very same rows."""
    return [cohort for cohort in cohorts if _is_pair(cohort, challenger, champion)]


def _is_pair(cohort: Cohort, challenger: VersionId, champion: VersionId) -> bool:
    predicted = {outcome.version: outcome.predicted for outcome in cohort.outcomes}
    return champion in predicted and predicted[champion] == predicted.get(challenger)
