"""From cohorts to how an SLO stands."""

from collections.abc import Iterable
from typing import Final

from core.domain.cohort import Cohort, Outcome
from core.domain.slo import SloStanding
from core.domain.slo_config import Slo, SloMetric

_FIELDS: Final[dict[SloMetric, str]] = {"proper_score": "loss"}
"""What a metric is called in an outcome, where that differs."""


def standing_of(slo: Slo, mature: Iterable[Cohort], kpi: str | None) -> SloStanding:
    """Judge what was served, whichever version it was, by the labels that are known now.

    After a config has changed what is predicted, only what is measured like the newest counts; of
    KPIs those that were booked by the expression in force.

    Args:
        slo: what is promised.
        mature: cohorts, in any order.
        kpi: the expression in force; `None` where there is none.
    """
    served = {
        cohort.partition: cohort.served
        for cohort in mature
        if cohort.served.labelled >= slo.minimum_rows
    }
    if not served:
        return SloStanding(slo=slo)
    measured_in = served[max(served)].measured_in
    values = {
        partition: value
        for partition, outcome in served.items()
        if outcome.measured_in == measured_in
        and (value := _value(outcome, slo.metric, kpi)) is not None
    }
    return SloStanding.of(slo, values)


def _value(outcome: Outcome, metric: SloMetric, kpi: str | None) -> float | None:
    if metric == "kpi" and outcome.kpi_expression != kpi:
        return None
    value: float | None = getattr(outcome, _FIELDS.get(metric, metric))
    return value
