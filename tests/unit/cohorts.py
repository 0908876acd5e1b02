"""Cohorts with outcomes that a test knows."""

from datetime import timedelta

from core.domain.cohort import Cohort, Outcome
from core.domain.ids import VersionId
from tests.builders import NOON

A, B = VersionId("ver_a"), VersionId("ver_b")


def outcome(version: VersionId, labelled: int, brier: float, predicted: int = 100) -> Outcome:
    known = labelled > 0
    return Outcome(
        version=version,
        stage="champion",
        key=f"{version}.parquet",
        predicted=predicted,
        labelled=labelled,
        loss=brier if known else None,
        log_loss=brier if known else None,
        accuracy=1 - brier if known else None,
    )


def of_number(
    version: VersionId, labelled: int, absolute: float, squared: float, unit: str | None = None
) -> Outcome:
    return outcome(version, labelled, 0.1).model_copy(
        update={
            "log_loss": None,
            "accuracy": None,
            "mean_absolute_error": absolute,
            "root_mean_squared_error": squared,
            "unit": unit,
        }
    )


def cohort(partition: str, *outcomes: Outcome) -> Cohort:
    return Cohort(
        id=Cohort.id_of("flights", partition),
        model="flights",
        partition=partition,
        outcomes=outcomes,
        labels_hash="h",
        labels_key="k",
        labelled_share=1.0,
        unmatched=0,
        corrections=0,
        known_until=NOON,
        matures_at=NOON + timedelta(days=1),
    )
