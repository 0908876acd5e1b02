"""Slices, proposed and configured, and the days that somebody pinned."""

import numpy as np
import pytest
import yaml

from core.domain.evaluation_config import Slice
from core.domain.serving import short
from core.wiring import use
from tests.builders import a_config
from tests.scenarios.test_a_version_is_judged.judging import (
    PINNED,
    card,
    judged_by,
    learned,
    part,
    retrained,
)
from tests.terminal import printed
from tests.watched_model import ROWS, WatchedModel, some_flights, training


def test_a_version_that_got_worse_in_one_slice_shows_it_although_it_is_better_as_a_whole(
    watched: WatchedModel,
) -> None:
    slices = [
        {"name": "short", "where": [{"column": "distance", "below": 600}], "is_protected": True},
        {"name": "carrier AA", "where": [{"column": "carrier", "one_of": ["AA"]}]},
        {"name": "very far", "where": [{"column": "distance", "at_least": 2990}]},
    ]
    for day in range(1, 15):
        name = f"2013-01-{day:02}"
        flights = some_flights(name, 200)
        late = (flights["distance"] >= 1000) | (flights["distance"] < 600)
        watched.lands(name, flights)
        watched.labels_land(name, dict(zip(flights["flight_id"], late.astype(int), strict=True)))
    watched.it_is("2013-01-16")
    shallow = {"estimator": "DecisionTreeClassifier", "parameters": {"max_depth": 1}}
    rules = {"minimum_rows": 30, "slices": slices}
    days = {"window_days": 14, "validation_days": 6}
    dummy = training(estimator="DummyClassifier", **days)
    watched.apply(a_config(training=dummy, evaluation=rules))
    retrained(watched)
    watched.apply(a_config(training=training(**shallow, **days), evaluation=rules))

    evaluation = retrained(watched)

    assert evaluation.gain is not None
    assert evaluation.gain.low is not None
    assert evaluation.gain.low > 0
    short_ones = part(evaluation, "short")
    assert short_ones.gain is not None
    assert short_ones.gain.high is not None
    assert short_ones.gain.high < 0
    assert part(evaluation, "carrier AA").gain is not None
    assert part(evaluation, "very far").metrics == ()
    assert {one.name: one.standing for one in evaluation.standards} == {
        "Accuracy": "no worse",
        "short": "worse",
    }
    shown = card(watched, evaluation.version)
    assert shown.worst_slices[0].startswith("slice `short` (")
    assert "worse by" in shown.worst_slices[0]
    assert any("short: *worse* than the champion by 0.01" in line for line in shown.standards)
    assert shown.compared[0].difference is not None
    assert shown.compared[0].difference.startswith("better by")


def test_a_part_that_loses_more_is_proposed_as_yaml_that_the_config_takes(
    watched: WatchedModel, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 15):
        name = f"2013-01-{day:02}"
        flights = some_flights(name, 400)
        chance = np.random.default_rng(day).uniform(size=400)
        late = np.where(flights["carrier"] == "UA", chance < 0.5, flights["distance"] > 1500)
        watched.lands(name, flights)
        watched.labels_land(name, dict(zip(flights["flight_id"], late.astype(int), strict=True)))
    watched.it_is("2013-01-16")
    boosted = training(estimator="HistGradientBoostingClassifier", validation_days=6)
    watched.apply(a_config(training=boosted, sensitive=["distance"]))

    evaluation = retrained(watched)

    assert [one.name for one in evaluation.proposed] == ["carrier is UA"]
    assert card(watched, evaluation.version).proposed_slices == 1
    use(watched.ports)
    said = printed(monkeypatch, capsys, "evaluate", "flights", short(evaluation.version))
    [pasted] = [line.strip() for line in said.splitlines() if line.strip().startswith("- {")]
    [written] = yaml.safe_load(pasted)
    assert Slice.model_validate(written).where == evaluation.proposed[0].where


def test_pinned_days_stay_in_the_validation_set_and_are_never_learned_from(
    watched: WatchedModel,
) -> None:
    storm = {"name": "storm", "partitions": [PINNED, "2013-02-28"]}
    watched.apply(judged_by(scenarios=[storm]))
    watched.lived_through(12)

    evaluation = retrained(watched)

    assert PINNED not in learned(watched, evaluation)
    assert len(learned(watched, evaluation)) == 7
    assert part(evaluation, "storm").rows == ROWS
    assert part(evaluation, "storm").metrics
    assert evaluation.rows == 3 * ROWS
    assert "The pinned partition 2013-02-28 has no labelled rows." in evaluation.notes


def test_a_day_that_is_pinned_after_it_was_learned_from_judges_the_next_version_only(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    first = retrained(watched)
    watched.apply(judged_by(scenarios=[{"name": "storm", "partitions": [PINNED]}]))

    second = retrained(watched)

    assert PINNED not in learned(watched, second)
    assert second.champion == first.version
    assert all(part.kind != "scenario" for part in second.parts)
    assert f"The pinned partition {PINNED} was learned from before: left out." in second.notes
