"""From cohorts to realised quality; apart, so that the bot does not load it."""

from collections.abc import Iterable, Sequence

from core.domain.cohort import Cohort, Outcome
from core.domain.ids import VersionId
from core.domain.realised import Quality

Turned = tuple[str, Outcome]
"""A partition, and how one version did on it."""


def quality_of(turned: Iterable[Turned]) -> Quality | None:
    """Put outcomes together, each row counting as much as any other; `None` without a label."""
    known = [(partition, outcome) for partition, outcome in turned if outcome.labelled]
    rows = sum(outcome.labelled for _, outcome in known)
    if not rows:
        return None
    return Quality(
        partitions=len(known),
        rows=rows,
        brier=sum((outcome.brier or 0.0) * outcome.labelled for _, outcome in known) / rows,
        accuracy=sum((outcome.accuracy or 0.0) * outcome.labelled for _, outcome in known) / rows,
        known_up_to=max(partition for partition, _ in known),
    )


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
