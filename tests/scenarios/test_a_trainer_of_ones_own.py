"""A team trains with code of its own; what goes wrong in it is told in words."""

from pathlib import Path

import pytest

from functions.data import artefacts
from functions.flows.retrain import Retrained, retrain
from functions.ml.training.pipeline import predict
from tests.builders import ADA, a_config
from tests.team_trainers import install_trainers
from tests.trained import versions
from tests.watched_model import WatchedModel, training


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    return WatchedModel(tmp_path / "box")


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return install_trainers(tmp_path / "installed", monkeypatch, "theirs")


def trained_by(function: str, watched: WatchedModel, **changes: object) -> Retrained:
    stated = {"estimator": None, "trainer": f"theirs.trainers:{function}", **changes}
    watched.apply(a_config(training=training(**stated)))
    return retrain("flights", ADA.id, "asked for by Ada", watched.ports)


def test_its_version_serves_like_any_other_and_is_named_by_its_source(
    watched: WatchedModel, module: Path
) -> None:
    watched.lived_through(12)

    done = trained_by("shallow", watched)

    assert done.decision == "trained"
    assert watched.serving().champion == done.version
    ports, version = watched.ports, watched.version(done.version)
    pipeline = artefacts.load("flights", version, predict, ports.objects, ports.signer)
    assert pipeline[-1].__class__.__name__ == "LogisticRegression"

    module.write_text(module.read_text() + "\n# another way to see it\n")
    assert trained_by("shallow", watched).version not in {None, done.version}


def test_its_exception_is_told_to_the_owner_once_and_what_served_goes_on_serving(
    watched: WatchedModel,
) -> None:
    watched.lived_through(12)
    champion = retrain("flights", ADA.id, "the first one", watched.ports).version

    done = trained_by("throws", watched)
    trained_by("throws", watched)

    assert (done.decision, done.version) == ("trainer failed", None)
    assert watched.serving().champion == champion
    assert [version.id for version in versions(watched)] == [champion]
    [alert] = watched.alerts()
    assert alert.evidence.summary == (
        "training.trainer: `theirs.trainers:throws` failed with KeyError: 'no column `speed`'"
    )
    assert "Correct the trainer" in alert.evidence.next_step


def test_nonsense_that_it_returns_is_told_to_the_owner(watched: WatchedModel) -> None:
    watched.lived_through(12)

    assert trained_by("returns_none", watched).decision == "trainer failed"

    [alert] = watched.alerts()
    assert "returned no fitted estimator that can serve: a NoneType" in alert.evidence.summary


def test_a_trainer_that_is_not_installed_is_told_before_anything_is_read(
    watched: WatchedModel,
) -> None:
    stated = training(estimator=None, trainer="nobody.knows:train")
    watched.apply(a_config(training=stated))

    done = retrain("flights", ADA.id, "asked for by Ada", watched.ports)

    assert done.decision == "trainer failed"
    [alert] = watched.alerts()
    assert "Python finds no module `nobody.knows`" in alert.evidence.summary


def test_its_probabilities_can_be_calibrated(watched: WatchedModel) -> None:
    watched.lived_through(12)

    done = trained_by("shallow", watched, calibrate="sigmoid")

    ports, version = watched.ports, watched.version(done.version)
    pipeline = artefacts.load("flights", version, predict, ports.objects, ports.signer)
    assert pipeline.steps[0][0] == "calibrated"
