"""A drift so slow that each day passes is caught beside what the champion learned from."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from core.domain.alert import Alert, Disposition
from core.domain.skew_judged import SkewJudged
from core.domain.verdict import ErrorClass, Severity
from core.flows.promote import promote
from core.flows.resolve import resolve
from functions.flows.check_partition import check_partition
from functions.flows.retrain import retrain
from tests.builders import ADA, a_config
from tests.checked_model import flights
from tests.staged import passes_its_gate, passes_its_review
from tests.watched_model import WatchedModel, day, training

LEARNED, KEPT_BACK = 16, 2


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model whose champion was trained on sixteen days."""
    config = a_config(
        training=training(window_days=LEARNED + KEPT_BACK, validation_days=KEPT_BACK),
        columns={
            "distance": {"type": "number", "unit": "mi"},
            "carrier": {"type": "category"},
        },
    )
    watched = WatchedModel(tmp_path, config)
    for ahead in range(LEARNED + KEPT_BACK):
        landed(watched, ahead, flights(day(ahead)))
    watched.it_is(day(LEARNED + KEPT_BACK + 2))
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    return watched


def landed(watched: WatchedModel, ahead: int, frame: pd.DataFrame) -> None:
    watched.lands(day(ahead), frame)
    late = (frame["distance"] > 1500).astype(int)
    watched.labels_land(day(ahead), dict(zip(frame["flight_id"], late.tolist(), strict=True)))


def pass_days(
    watched: WatchedModel, first: int, days: int, *, growth: float = 0.0, level: float = 1.0
) -> None:
    """Let days land and be checked: distances so many times as long, and longer from day to day."""
    for ahead in range(first, first + days):
        watched.it_is(day(ahead + 1))
        frame = flights(day(ahead))
        times = level + growth * (ahead - first + 1)
        landed(watched, ahead, frame.assign(distance=frame["distance"] * times))
        check_partition("flights", day(ahead), watched.ports)


def told(watched: WatchedModel) -> list[Alert]:
    return [alert for alert in watched.alerts() if alert.rule == "skew"]


def others(watched: WatchedModel) -> Mapping[str | None, Alert]:
    return {alert.partition: alert for alert in watched.alerts() if alert.rule != "skew"}


NEXT = LEARNED + KEPT_BACK
DRIFTING, GROWTH = 19, 0.015
"""Days, and how much more of what was usual there is on each of them."""


def test_days_like_those_of_the_training_are_no_news(watched: WatchedModel) -> None:
    pass_days(watched, NEXT, 10)

    assert told(watched) == []


def test_partitions_are_compared_with_the_training_seven_at_a_time(watched: WatchedModel) -> None:
    compared = set[str]()
    for ahead in range(NEXT, NEXT + 12):
        pass_days(watched, ahead, 1)
        champion = watched.version(watched.serving().champion)
        judged = watched.ports.records.get(SkewJudged, SkewJudged.id_of(champion.id))
        compared |= {judged.partition} if judged else set()

    assert compared == {day(LEARNED + 6), day(LEARNED + 13)}


def test_a_slow_drift_is_told_once_in_the_numbers_of_both(watched: WatchedModel) -> None:
    pass_days(watched, NEXT, DRIFTING, growth=GROWTH)

    [alert] = told(watched)
    assert others(watched) == {}
    assert (alert.partition, alert.evidence.severity) == (None, Severity.WARN)
    assert alert.evidence.error_class is ErrorClass.DRIFT
    assert alert.evidence.summary.startswith("`distance`: mean 1,")
    assert " mi; the champion learned from 1," in alert.evidence.summary
    assert alert.evidence.next_step.startswith("Retrain `flights`")


def test_what_is_expected_is_not_told_again_of_the_same_champion(watched: WatchedModel) -> None:
    pass_days(watched, NEXT, DRIFTING, growth=GROWTH)
    [alert] = told(watched)
    resolve(alert.id, Disposition.EXPECTED_CHANGE, by=ADA, ports=watched.ports)

    pass_days(watched, NEXT + DRIFTING, 3, level=1.5)

    assert told(watched) == []


def test_a_champion_that_learned_from_the_drift_is_at_home_in_it(watched: WatchedModel) -> None:
    pass_days(watched, NEXT, DRIFTING, growth=GROWTH)
    [alert] = told(watched)
    watched.it_is(day(NEXT + DRIFTING + 2))
    done = retrain("flights", "watchkeeper", "drift", watched.ports)
    assert done.version is not None
    seen = watched.serving().champion
    passes_its_gate(done.version, watched.ports)
    passes_its_review(done.version, watched.ports)
    promote("flights", done.version, seen_champion=seen, by=ADA, ports=watched.ports)
    resolve(alert.id, Disposition.FIXED_BY_RETRAIN, by=ADA, ports=watched.ports)

    pass_days(watched, NEXT + DRIFTING, 8, level=1 + GROWTH * DRIFTING)

    assert told(watched) == []


def test_a_sensitive_column_shows_no_number(watched: WatchedModel) -> None:
    config = watched.config.model_copy(update={"sensitive": ("distance",)})
    watched.apply(config)
    watched.it_is(day(NEXT + 2))
    retrain("flights", "watchkeeper", "cadence", watched.ports)

    pass_days(watched, NEXT, DRIFTING, growth=GROWTH)

    [alert] = told(watched)
    assert alert.evidence.summary == "`distance`: it has left what the champion learned from"
