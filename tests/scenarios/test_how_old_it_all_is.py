"""Whoever asks for a model reads how old everything is that was learned from its data."""

from pathlib import Path

import pytest

from core.flows.model_state import model_state
from tests.builders import a_config
from tests.watched_model import WatchedModel, training


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    return watched


def facts(watched: WatchedModel) -> dict[str, str]:
    return dict(model_state("flights", watched.ports).facts(watched.now))


def trains(watched: WatchedModel) -> None:
    watched.call("retrain", {"model": "flights", "reason": "cadence", "asked_by": "watchkeeper"})


def test_all_that_one_training_learned_ages_together(watched: WatchedModel) -> None:
    trains(watched)

    watched.it_is("2013-01-17")

    seen = facts(watched)
    assert seen["Learned from"] == (
        "2013-01-03 to 2013-01-09, 280 rows, learned 3 days ago, with all it fills, encodes and "
        "calibrates by"
    )
    assert seen["Reference"].startswith("learned 3 days ago")
    assert seen["Contract"].startswith("learned 3 days ago, ")
    assert seen["Sensitivity"] == "measured 3 days ago"


def test_the_next_training_makes_all_of_it_new(watched: WatchedModel) -> None:
    trains(watched)
    watched.lived_through(16)

    trains(watched)

    seen = facts(watched)
    assert seen["Reference"].startswith("learned today")
    assert seen["Contract"].startswith("learned today, ")
    assert seen["Sensitivity"] == "measured today"
    assert "learned 4 days ago" in seen["Learned from"]  # the champion, until it is replaced


def test_what_was_measured_for_another_config_says_so(watched: WatchedModel) -> None:
    trains(watched)

    watched.apply(a_config(training=training(seed=5)))

    assert facts(watched)["Sensitivity"] == "measured today, for another reference or config"


def test_before_anything_is_learned_nothing_has_an_age(watched: WatchedModel) -> None:
    seen = facts(watched)

    assert seen["Reference"] == "nothing was learned yet"
    assert not {"Learned from", "Contract", "Sensitivity"} & seen.keys()
