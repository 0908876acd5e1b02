"""What starts a training: a changed config, the world that moves, a person who clicks."""

from datetime import timedelta
from typing import Any

import pytest

from core.adapters.slack.actions import RETRAIN
from core.domain.alert import Alert
from core.domain.job import Job
from core.domain.model_config import InForce, ModelConfig
from core.domain.person import Person
from core.flows.apply_config import apply_config
from tests.builders import ADA, GRACE, a_config, an_alert, served_elsewhere, some_evidence
from tests.checked_model import DAY, checked, flights, learn, moved
from tests.scenarios.scene import Scene
from tests.watched_model import WatchedModel, training

ON_DRIFT = training(on_drift=True)
NATURAL = "natural drift: many of 17 columns moved, by degrees over the last partitions"


def trainings(scene: Scene) -> list[Job]:
    """The trainings that wait to be run."""
    return [job for job in scene.waiting_jobs() if job.function == "retrain"]


def applied(scene: Scene, config: ModelConfig) -> None:
    apply_config(config, Person.command_line(), scene.ports)


@pytest.mark.parametrize(
    "changes",
    [
        {"training": training(seed=5)},
        {"training": training(estimator="DummyClassifier")},
        {"columns": {"distance": {"type": "number"}}},
        {"target": {"column": "late", "delay_days": 3}},
    ],
)
def test_a_change_of_what_makes_a_version_starts_a_training_at_once(
    scene: Scene, changes: dict[str, Any]
) -> None:
    applied(scene, a_config(training=training()))
    before = len(trainings(scene))

    applied(scene, a_config(**{"training": training(), **changes}))

    job = trainings(scene)[before]
    assert job.event == {
        "model": "flights",
        "reason": "its config was changed",
        "asked_by": "command-line",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"alerts": {"partitions_per_false_alarm": 90}},
        {"about": "Will it be very late?"},
        {"access": {"approvers": [GRACE.id]}},
    ],
)
def test_any_other_change_starts_none_and_leaves_the_cadence_where_it_was(
    scene: Scene, changes: dict[str, Any]
) -> None:
    weekly = training(every_days=7)
    applied(scene, a_config(training=weekly))
    before, due = len(trainings(scene)), in_force(scene).first_training

    applied(scene, a_config(training=weekly, **changes))

    assert len(trainings(scene)) == before
    assert in_force(scene).first_training == due


def test_after_a_change_the_cadence_goes_on_from_the_training_that_it_started(
    scene: Scene,
) -> None:
    applied(scene, a_config(training=training(every_days=7)))
    applied(scene, a_config(training=training(every_days=7, seed=5)))

    assert in_force(scene).first_training == scene.ports.now() + timedelta(days=7)


def test_a_config_that_is_applied_again_starts_nothing(scene: Scene) -> None:
    applied(scene, a_config(training=training(seed=5)))
    before = len(trainings(scene))

    applied(scene, a_config(training=training(seed=5)))

    assert len(trainings(scene)) == before


def in_force(scene: Scene) -> InForce:
    found = scene.ports.records.get(InForce, "flights")
    assert found is not None
    return found


@pytest.fixture
def known(scene: Scene) -> WatchedModel:
    """The model of the scene, whose first days are learned; drift starts its trainings."""
    watched = WatchedModel(scene.folder, a_config(training=ON_DRIFT))
    learn(watched)
    return watched


def alert_of(watched: WatchedModel) -> Alert:
    found = watched.ports.records.get(Alert, Alert.id_of("flights", DAY, "partition"))
    assert found is not None
    return found


def test_a_world_that_moves_starts_a_training_once_and_the_alert_says_so(
    scene: Scene, known: WatchedModel
) -> None:
    for _ in range(2):
        checked(known, moved(DAY))
    scene.deliver()

    assert alert_of(known).evidence.is_natural_drift
    [job] = trainings(scene)
    assert job.event["reason"] == f"natural drift on {DAY}"
    assert alert_of(known).has_started_training
    [card] = scene.slack.messages(known.config.channel)
    assert "started a training" in scene.thread(card)[-1].text
    assert not scene.has(card, RETRAIN)


def test_without_the_key_in_the_config_drift_starts_nothing(
    scene: Scene, known: WatchedModel
) -> None:
    known.apply(a_config(training=training()))

    checked(known, moved(DAY))

    assert alert_of(known).evidence.is_natural_drift
    assert trainings(scene) == []


def test_a_data_incident_starts_nothing(scene: Scene, known: WatchedModel) -> None:
    checked(known, flights(DAY).assign(distance=lambda rows: rows["distance"] / 1000))

    assert not alert_of(known).evidence.is_natural_drift
    assert trainings(scene) == []


def drifted(scene: Scene) -> None:
    """An alert about natural drift stands in the channel."""
    evidence = some_evidence(error_class="drift", severity="warn", origin=NATURAL)
    scene.raised(an_alert(evidence=evidence))


def test_a_person_starts_a_training_from_the_card_of_an_alert(scene: Scene) -> None:
    drifted(scene)

    scene.click(RETRAIN, ADA)

    [job] = trainings(scene)
    assert job.event["asked_by"] == ADA.id
    assert job.event["reason"] == "natural drift on 2013-02-08"
    [card] = scene.slack.messages(scene.alert().channel)
    assert "<@U0ADA> started a training" in scene.thread(card)[-1].text
    assert not scene.has(card, RETRAIN)


def test_who_clicks_an_old_card_is_told_that_a_training_was_started(scene: Scene) -> None:
    drifted(scene)
    [card] = scene.slack.messages(scene.alert().channel)
    scene.click(RETRAIN, ADA, on=card)

    scene.click(RETRAIN, GRACE, on=card)

    assert scene.whispered_to(GRACE) == ("A training was started because of this alert already.")
    assert len(trainings(scene)) == 1


def test_who_may_not_retrain_may_not_from_an_alert_either(scene: Scene) -> None:
    scene.applied(a_config(access={"approvers": [GRACE.id]}))
    drifted(scene)

    scene.click(RETRAIN, ADA)

    assert "You may not retrain here" in scene.whispered_to(ADA)
    assert trainings(scene) == []
    assert not scene.alert().has_started_training


def test_a_model_that_is_served_elsewhere_is_not_trained_here(scene: Scene) -> None:
    scene.applied(served_elsewhere())
    before = len(trainings(scene))
    drifted(scene)

    scene.click(RETRAIN, ADA)

    assert "is served elsewhere" in scene.whispered_to(ADA)
    assert len(trainings(scene)) == before


def test_an_alert_about_anything_else_has_no_button(scene: Scene) -> None:
    scene.raised(an_alert())

    [card] = scene.slack.messages(scene.alert().channel)
    assert not scene.has(card, RETRAIN)
