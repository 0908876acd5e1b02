"""Somebody trains from Python: the same version as the schedule's, under the same name."""

from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
import yaml
from nbclient import NotebookClient
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from core.domain.challenge import Challenge
from core.domain.errors import Unknown
from core.domain.evaluation import Evaluation
from core.domain.model_config import StoredConfig
from core.domain.serving import Serving
from core.domain.version import Version
from core.wiring import use
from infra.local.config_file import BadConfig
from infra.local.notebook import retrain
from tests.builders import a_config
from tests.watched_model import WatchedModel, training

NOTEBOOK = Path(__file__).parents[2] / "infra/notebooks/retrain.ipynb"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    watched = WatchedModel(tmp_path / "box")
    watched.lived_through(12)
    use(watched.ports)
    return watched


def scheduled(watched: WatchedModel) -> Any:  # noqa: ANN401 - what the function answers
    event = {"model": "flights", "reason": "cadence", "asked_by": "watchkeeper"}
    return watched.call("retrain", event)["version"]


def by_distance(
    features: pd.DataFrame, labels: np.ndarray[Any, Any], parameters: dict[str, Any], _seed: int
) -> Pipeline:
    distance = make_column_transformer((StandardScaler(), ["distance"]))
    return make_pipeline(distance, LogisticRegression(**parameters)).fit(features, labels)


class Hopeful(LogisticRegression):  # type: ignore[misc]  # scikit-learn has no types
    """Of no type that is ever loaded."""


def challenges(watched: WatchedModel) -> list[Challenge]:
    return watched.ports.records.query(Challenge, "challenges:flights")


def test_the_same_config_and_rows_make_the_version_of_the_schedule(watched: WatchedModel) -> None:
    done = retrain(watched.config, ports=watched.ports)

    assert done.decision == "trained"
    assert scheduled(watched) == done.version
    version = watched.version(done.version)
    assert (version.asked_by, version.reason) == ("command-line", "asked for from Python")
    assert version.manifest.unhashed == ()
    assert watched.serving().champion == done.version


def test_a_file_will_do_for_a_config_and_the_environment_for_the_outside_world(
    watched: WatchedModel, tmp_path: Path
) -> None:
    file = tmp_path / "flights.yaml"
    file.write_text(
        yaml.safe_dump(watched.config.model_dump(mode="json", exclude_none=True), sort_keys=False)
    )

    assert retrain(str(file)).decision == "trained"
    assert retrain(file).decision == "already trained"


def test_a_config_that_is_not_in_force_is_kept_under_its_hash(watched: WatchedModel) -> None:
    first = retrain(watched.config)
    idea = a_config(training=training(seed=5))

    second = retrain(idea)

    assert watched.version(second.version).manifest.config_hash == idea.hash
    assert watched.ports.records.get(StoredConfig, idea.hash) is not None
    assert watched.serving().champion == first.version
    assert second.version in {challenge.version for challenge in challenges(watched)}


def test_a_model_that_nobody_applied_is_unknown(watched: WatchedModel) -> None:
    with pytest.raises(Unknown, match="no model named `ferries`"):
        retrain(a_config(model="ferries"), ports=watched.ports)


def test_a_file_that_is_no_config_is_refused_in_words(
    watched: WatchedModel, tmp_path: Path
) -> None:
    with pytest.raises(BadConfig, match=r"nowhere\.yaml: cannot be read"):
        retrain(tmp_path / "nowhere.yaml", ports=watched.ports)


def test_a_function_makes_a_version_that_is_marked_judged_and_never_stands(
    watched: WatchedModel,
) -> None:
    first = retrain(watched.config)

    done = retrain(watched.config, trainer=by_distance)

    assert done.decision == "trained"
    version = watched.version(done.version)
    assert version.id != first.version
    assert version.manifest.unhashed == ("a function that was given from Python",)
    assert watched.ports.records.query(Evaluation, f"evaluations:{version.id}")
    assert [challenge.version for challenge in challenges(watched)] == [first.version]
    assert watched.serving().champion == first.version
    assert retrain(watched.config, trainer=by_distance).decision == "already trained"


def test_a_function_does_not_become_the_first_champion_either(watched: WatchedModel) -> None:
    retrain(watched.config, trainer=by_distance)

    assert watched.ports.records.get(Serving, "flights") is None


def test_a_function_without_source_makes_a_version_of_its_own_each_time(
    watched: WatchedModel,
) -> None:
    names: dict[str, Any] = {"by_distance": by_distance}
    exec("typed = lambda *given: by_distance(*given)", names)  # noqa: S102 - as typed at a prompt

    versions = {retrain(watched.config, trainer=names["typed"]).version for _ in range(2)}

    assert len(versions) == 2


def test_what_a_function_raises_is_raised_and_what_it_returns_is_looked_at(
    watched: WatchedModel,
) -> None:
    def throws(*_: object) -> None:
        raise KeyError("speed")

    def hopes(features: pd.DataFrame, labels: Any, *_: object) -> Any:  # noqa: ANN401 - an array
        return Hopeful().fit(features[["distance"]], labels)

    def holds_an_index(features: pd.DataFrame, labels: Any, *_: object) -> Pipeline:  # noqa: ANN401 - an array
        columns = make_column_transformer(
            (StandardScaler(), features.columns[features.columns == "distance"])
        )
        return make_pipeline(columns, LogisticRegression()).fit(features, labels)

    with pytest.raises(KeyError):
        retrain(watched.config, trainer=throws)

    assert retrain(watched.config, trainer=holds_an_index).decision == "trainer failed"
    [alert] = watched.alerts()
    assert "it cannot be stored (TypeError)" in alert.evidence.summary
    assert retrain(watched.config, trainer=hopes).decision == "trainer failed"
    assert retrain(watched.config, trainer=lambda *_: None).decision == "trainer failed"
    assert watched.ports.records.query(Version, "versions:flights") == []


def test_the_notebook_trains_the_version_of_the_schedule(
    watched: WatchedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "infra/models/flights.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(
        yaml.safe_dump(watched.config.model_dump(mode="json", exclude_none=True), sort_keys=False)
    )
    monkeypatch.setenv("WATCHKEEPER_FOLDER", str(watched.folder))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    expected = scheduled(watched)

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    place = {"metadata": {"path": str(tmp_path)}}
    played = NotebookClient(notebook, timeout=120, resources=place).execute()

    said = "\n".join(o.get("text", "") for cell in played.cells for o in cell.get("outputs", []))
    assert f"already trained {expected}" in said
    assert "never stands for promotion" in said
    functions = [
        version
        for version in watched.ports.records.query(Version, "versions:flights")
        if version.manifest.unhashed
    ]
    assert len(functions) == 1
