"""Judge a model's SLO anew: after labels were booked, or another SLO came into force."""

from datetime import UTC, datetime, timedelta
from typing import Final

from core.domain.alert import Alert, Evidence
from core.domain.challenge import Challenge
from core.domain.cohort import Cohort
from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.domain.partition import starts_at
from core.domain.realised import Realised
from core.domain.serving import Serving
from core.domain.slo import SloStanding
from core.domain.slo_config import Slo
from core.domain.slo_of_cohorts import standing_of
from core.domain.verdict import Severity
from core.flows.change import change
from core.flows.draw_again import draw_again
from core.flows.raise_alert import raise_alert
from core.ports import Ports

RULE: Final = "slo"
_PAGE: Final = 200
_FIRST_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)  # from here on windows are counted
_CURE: Final = (
    "See which days were bad, and why: mend their data, retrain, or roll back, which is never held "
    "back. Until the window moves on, only a version that is shown to be better can be promoted, "
    "as an exception."
)


def judge_slo(config: ModelConfig, ports: Ports, booked: Cohort | None = None) -> None:
    """Judge the mature cohorts of a model; the same ones again change nothing.

    Cards that say how the SLO stands, and whether a version can be promoted, are drawn again. When
    it becomes violated that is one alert, and no second one in the same stretch of `window_days`.

    Args:
        config: in force.
        ports: the outside world.
        booked: the cohort whose labels were just booked: a listing may lag behind it (decision 11).

    Raises:
        Busy: others kept changing the same record.
    """
    realised = ports.records.get(Realised, config.model)
    if realised is None:
        return
    before, now = realised.slo, _standing(config, booked, ports)
    if now == before:
        return
    was_violated = before is not None and before.slo == config.slo and before.state == "violated"
    if now is not None and now.state == "violated" and not was_violated:
        _tell(config, now, ports)
    change(Realised, config.model, lambda known: (_judged(known, config, booked, ports), []), ports)
    _draw_again(config.model, ports)


def _judged(
    realised: Realised, config: ModelConfig, booked: Cohort | None, ports: Ports
) -> Realised:
    """Judge once more, as others may have booked another cohort since."""
    return realised.model_copy(update={"slo": _standing(config, booked, ports)})


def _standing(config: ModelConfig, booked: Cohort | None, ports: Ports) -> SloStanding | None:
    if config.slo is None:
        return None
    known = {cohort.partition: cohort for cohort in _newest(config, config.slo, ports)}
    if booked is not None:
        known[booked.partition] = booked
    now = ports.now()
    mature = [cohort for cohort in known.values() if cohort.is_mature(now)]
    kpi = config.evaluation.kpi
    return standing_of(config.slo, mature, kpi.expression if kpi else None)


def _newest(config: ModelConfig, slo: Slo, ports: Ports) -> list[Cohort]:
    """Read as far back as a window reaches that is not forgotten (`SloStanding.seen_at`)."""
    oldest = ports.now() - timedelta(days=2 * (config.target.delay_days + slo.window_days))
    found = list[Cohort]()
    while True:
        page = ports.records.query(
            Cohort,
            f"cohorts:{config.model}",
            after=found[-1].place if found else None,
            newest_first=True,
            limit=_PAGE,
        )
        found += page
        if len(page) < _PAGE or starts_at(page[-1].partition) < oldest:
            return found


def _tell(config: ModelConfig, standing: SloStanding, ports: Ports) -> None:
    newest = (starts_at(standing.newest_bad[0]) - _FIRST_DAY).days
    stretch = newest // standing.slo.window_days
    summary = f"The SLO is violated: {standing.sentence(config)}"
    alert = Alert(
        id=Alert.id_of(config.model, f"{standing.slo.model_dump_json()} {stretch}", RULE),
        model=config.model,
        partition=None,
        rule=RULE,
        channel=config.channel,
        raised_at=ports.now(),
        evidence=Evidence(
            error_class=None,
            severity=Severity.WARN,
            summary=summary,
            affected=f"the newest bad cohorts: {', '.join(standing.newest_bad)}",
            next_step=_CURE,
            fingerprint=content_hash(summary.encode()),
        ),
    )
    raise_alert(alert, ports)


def _draw_again(model: str, ports: Ports) -> None:
    """Draw the cards that speak of it: what serves, and what could be promoted."""
    serving = ports.records.get(Serving, model)
    if serving is None:
        return
    for version in filter(None, (serving.champion, serving.canary, serving.challenger)):
        draw_again(Challenge.id_of(model, version), ports)
