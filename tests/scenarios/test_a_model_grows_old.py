from pathlib import Path

import numpy as np
import pytest

from core.domain.partition import days_before
from core.domain.staleness import Staleness
from core.flows.model_state import model_state
from functions.flows.measure_staleness import measure_staleness
from functions.flows.retrain import retrain
from tests.builders import ADA, a_config
from tests.watched_model import FIRST_DAY, WatchedModel, some_flights, training

ROWS = 150


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    return WatchedModel(tmp_path, a_config(training=training(every_days=14)))


def a_world_that_moves(watched: WatchedModel, days: int, miles_a_day: float) -> None:
    """Let days land on which flights are late from a distance on that moves."""
    for number in range(days):
        day = days_before(FIRST_DAY, -number)
        flights = some_flights(day, ROWS)
        limit = 800 + miles_a_day * number
        chance = np.random.default_rng(number).random(ROWS)
        late = chance < 1 / (1 + np.exp((limit - flights["distance"]) / 200))
        watched.lands(day, flights)
        watched.labels_land(
            day, dict(zip(flights["flight_id"], late.astype(int).tolist(), strict=True))
        )
    watched.it_is(days_before(FIRST_DAY, -days - 1))


def trained_on_the_way(watched: WatchedModel, days: int) -> None:
    """Train a version each five days."""
    for last in range(11, days, 5):
        done = retrain("flights", ADA.id, "cadence", watched.ports, days_before(FIRST_DAY, -last))
        assert done.decision == "trained"
        watched.now = watched.now.replace(minute=watched.now.minute + 1)


def test_a_model_whose_world_moves_is_recommended_a_cadence(watched: WatchedModel) -> None:
    a_world_that_moves(watched, 40, miles_a_day=40)
    trained_on_the_way(watched, 40)

    found = measure_staleness("flights", watched.ports)

    assert found.is_decay_shown
    assert found.every_days is not None
    assert found.every_days <= 10
    sentence = dict(model_state("flights", watched.ports).facts(watched.now))["Cadence"]
    assert sentence.startswith(f"retrain about every {found.every_days} day")
    assert "; now every 14 days (the loss grows by 0.0" in sentence


def test_versions_are_judged_on_what_came_after_them_only(watched: WatchedModel) -> None:
    a_world_that_moves(watched, 30, miles_a_day=0)
    trained_on_the_way(watched, 30)

    found = measure_staleness("flights", watched.ports)

    assert {point.partition for point in found.points} == {
        days_before(FIRST_DAY, -number) for number in range(23, 30)
    }
    assert min(point.age_days for point in found.points) >= 1


def test_few_versions_say_so_and_a_second_look_adds_nothing_twice(watched: WatchedModel) -> None:
    watched.lived_through(14)
    done = watched.call(
        "retrain", {"model": "flights", "reason": "cadence", "asked_by": "watchkeeper"}
    )
    first = watched.ports.records.get(Staleness, "flights")

    again = measure_staleness("flights", watched.ports)

    assert done["decision"] == "trained"
    assert first is not None
    assert again.points == first.points
    assert again.sentence(None) == (
        "too few versions of different ages to say how it ages (1); now only when asked"
    )


def test_a_version_that_cannot_be_loaded_is_left_out(watched: WatchedModel) -> None:
    watched.lived_through(14)
    done = retrain("flights", ADA.id, "cadence", watched.ports)
    file = watched.folder / "objects" / watched.version(done.version).artefact.key
    file.unlink()

    assert measure_staleness("flights", watched.ports).points == ()


def test_before_anything_has_landed_nothing_is_known(watched: WatchedModel) -> None:
    assert measure_staleness("flights", watched.ports).points == ()
