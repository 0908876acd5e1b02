"""What stands above the model: overrides and output contract, and which config they come from."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.domain.model_config import ModelConfig
from core.domain.scored import Scored
from core.domain.serving import short
from core.flows.model_state import model_state
from core.flows.promote import promote
from core.flows.rollback import rollback
from functions.arrays import Floats
from functions.data.logged_predictions import LoggedPredictions
from functions.data.prediction_log import about_of
from tests.builders import ADA, a_config
from tests.logs import log_table, served_of
from tests.staged import passes_its_gate
from tests.trained import trained_by
from tests.watched_model import ROWS, WatchedModel, some_flights, training

DAY, NEXT = "2013-01-13", "2013-01-14"
FAR = {"column": "distance", "at_least": 2000}
UNITED = {"column": "carrier", "one_of": ["UA"]}


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model that has lived through twelve days."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    return watched


def override(name: str, where: dict[str, Any], **deed: Any) -> dict[str, Any]:
    return {"name": name, "where": [where], "reason": "somebody has to", **deed}


def with_scoring(*overrides: dict[str, Any], **others: Any) -> ModelConfig:
    return a_config(training=training(), scoring={"overrides": overrides, **others})


def scored(watched: WatchedModel, day: str = DAY) -> Scored:
    answer = watched.call("score", {"model": "flights", "partition": day})
    return Scored.model_validate(answer["results"][0]["scored"])


def log(watched: WatchedModel, of: Scored) -> LoggedPredictions:
    return LoggedPredictions.read(of.served, watched.ports.objects)


def served(watched: WatchedModel, day: str) -> Floats:
    return served_of(scored(watched, day).served, watched.ports.objects)


def test_overrides_change_what_is_served_and_not_what_the_model_said(
    watched: WatchedModel,
) -> None:
    trained_by(with_scoring(override("far", FAR, replace=1.0)), watched)
    watched.lands(DAY)

    of = scored(watched)

    found, is_far = log(watched, of), some_flights(DAY)["distance"].to_numpy() >= 2000
    assert 0 < is_far.sum() < ROWS
    served = served_of(of.served, watched.ports.objects)
    assert (served[is_far] == 1.0).all()
    assert (found.said[is_far] < 1.0).all()
    np.testing.assert_array_equal(served[~is_far], found.said[~is_far])


def test_the_record_and_the_log_say_how_often_each_override_hit(watched: WatchedModel) -> None:
    rules = (override("far", FAR, replace=1.0), override("united", UNITED, filter=True))
    trained_by(with_scoring(*rules, override("never", FAR, at_most=1.0)), watched)
    watched.lands(DAY)

    of = scored(watched)

    flights = some_flights(DAY)
    far, united = flights["distance"] >= 2000, flights["carrier"] == "UA"
    assert of.served.hits == {"far": far.sum(), "united": united.sum(), "never": 0}
    assert of.served.hit_rates["far"] == pytest.approx(far.mean())
    found = log_table(of.served, watched.ports.objects)
    assert about_of(found.schema).overrides == ("far", "united", "never")
    np.testing.assert_array_equal(found.column("overrides").to_numpy() & 1 > 0, far)
    np.testing.assert_array_equal(np.isnan(found.column("served").to_numpy()), united)


def test_what_is_known_of_a_model_says_how_often_its_overrides_hit(
    watched: WatchedModel,
) -> None:
    everybody = {"column": "distance", "at_least": 0}
    trained_by(with_scoring(override("all", everybody, replace=1.0)), watched)
    watched.lands(DAY)
    scored(watched)

    facts = dict(model_state("flights", watched.ports).facts(watched.now))

    version = short(watched.serving().champion or "")
    assert facts["Last scored"] == (
        f"{DAY}, {ROWS} rows by version {version}; overrides changed: all 100 %"
    )


def test_a_rollback_brings_back_the_overrides_of_the_version_that_serves_then(
    watched: WatchedModel,
) -> None:
    first = trained_by(with_scoring(override("far", FAR, replace=1.0)), watched)
    second = trained_by(with_scoring(override("far", FAR, replace=0.0)), watched)
    passes_its_gate(second, watched.ports)
    promote("flights", second, seen_champion=first, by=ADA, ports=watched.ports)
    watched.lands(DAY)
    watched.lands(NEXT)
    before = served(watched, DAY)

    rollback("flights", seen_champion=second, by=ADA, ports=watched.ports)
    after = served(watched, NEXT)

    far, next_far = (some_flights(day)["distance"].to_numpy() >= 2000 for day in (DAY, NEXT))
    assert set(before[far]) == {0.0}
    assert set(after[next_far]) == {1.0}


def test_an_override_of_a_config_comes_with_the_next_version_and_not_before(
    watched: WatchedModel,
) -> None:
    trained_by(a_config(training=training()), watched)
    watched.apply(with_scoring(override("far", FAR, replace=1.0)))
    watched.lands(DAY)

    assert scored(watched).served.hits == {}


def test_a_score_beyond_the_output_contract_is_not_served_and_the_owner_is_told(
    watched: WatchedModel,
) -> None:
    rules = (override("far", FAR, replace=1.0),)
    trained_by(with_scoring(*rules, output={"at_most": 0.99}), watched)
    watched.lands(DAY)

    of = scored(watched)

    far = some_flights(DAY)["distance"].to_numpy() >= 2000
    assert of.served.withheld == far.sum()
    np.testing.assert_array_equal(np.isnan(served_of(of.served, watched.ports.objects)), far)
    [alert] = watched.alerts()
    assert (alert.rule, alert.evidence.severity, alert.evidence.error_class) == (
        "output",
        "page",
        "hard",
    )
    assert f"{far.sum()} predictions were not served" in alert.evidence.summary


def test_a_share_of_ones_outside_the_contract_is_served_and_told_once(
    watched: WatchedModel,
) -> None:
    everybody = {"column": "distance", "at_least": 0}
    rules = (override("all", everybody, replace=1.0),)
    trained_by(with_scoring(*rules, output={"rate": [0.1, 0.9]}), watched)
    watched.lands(DAY)

    assert scored(watched).served.rows == ROWS
    scored(watched)

    [alert] = [alert for alert in watched.alerts() if alert.rule == "output"]
    assert alert.evidence.summary == (
        "100 % of the decisions are ones; `scoring.output` says 10 % to 90 %."
    )
