"""Whatever a version in shadow does, what people are served, and the check of it, stand."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import PolynomialFeatures

from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.ids import VersionId
from core.domain.job import Job
from core.domain.partition_check import PredictionsCheck
from core.domain.scored import Scored
from core.ports import changed
from functions.data.artefacts import Golden, store
from functions.flows.predict_in_shadow import predict_in_shadow
from functions.flows.retrain import retrain
from functions.flows.score import score
from tests.builders import a_config
from tests.scenarios.faults import is_corrupted, is_denied, is_slow, throws
from tests.trained import trained
from tests.watched_model import ROWS, WatchedModel, some_flights, training

DAY, LATER = "2013-01-13", "2013-01-14"
ROOT = Path(__file__).parents[2]
Fault = Callable[[WatchedModel, VersionId], None]
LIMITED = """
import os, resource, signal, sys
from pathlib import Path
from tests.scenarios.test_a_shadow_is_harmless import predicts_in_a_process_of_its_own
how, folder, now = sys.argv[1:]
if how == "without memory":
    resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
predicts_in_a_process_of_its_own(Path(folder), now, is_killed=how == "killed")
"""


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion and a challenger in shadow."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    for estimator in ("LogisticRegression", "DummyClassifier"):
        trained(watched, estimator=estimator)
    return watched


def shadow(watched: WatchedModel) -> VersionId:
    version = watched.serving().challenger
    assert version is not None
    return version


def scored(watched: WatchedModel, day: str = DAY) -> Scored:
    found = watched.ports.records.get(Scored, Scored.id_of("flights", day))
    assert found is not None
    return found


def started(watched: WatchedModel) -> list[Job]:
    jobs = watched.ports.jobs
    assert isinstance(jobs, SqliteJobs)
    return [job for job in jobs.waiting() if job.function == "shadow"]


def wants_all_memory(watched: WatchedModel, version: VersionId) -> None:
    """Let a version be sealed by us that asks for some 80 GB to predict a row."""
    only = pd.DataFrame({"distance": [1.0, 2.0], "carrier": ["AA", "UA"]})
    numbers = ColumnTransformer([("numbers", "passthrough", ["distance"])])
    powers = PolynomialFeatures(degree=10_000_000_000).fit([[1.0]])
    constant = DummyClassifier().fit([[0.0], [1.0]], [0, 1])
    numbers.fit(only)
    pipeline = Pipeline([("columns", numbers), ("powers", powers), ("estimator", constant)])
    golden = Golden(only, constant.predict_proba([[0.0], [1.0]])[:, 1])
    artefact = store("flights", version, pipeline, golden, watched.ports.objects)
    seal = watched.ports.signer.sign(artefact.claim("flights", version))
    planted = watched.version(version).model_copy(update={"artefact": artefact, "seal": seal})
    assert watched.ports.records.commit(changed(planted))


def predicts_in_a_process_of_its_own(folder: Path, now: str, *, is_killed: bool) -> None:
    """Run in another process: the function `shadow`, which may be killed as it would write."""
    watched = WatchedModel(folder, a_config(training=training(estimator="DummyClassifier")))
    watched.it_is(now)
    if is_killed:
        with watched.killed_when_it_writes("predictions/"):
            watched.call("shadow", {"model": "flights", "partition": DAY})
    watched.call("shadow", {"model": "flights", "partition": DAY})


def test_scoring_loads_no_shadow_and_starts_a_job_for_it(watched: WatchedModel) -> None:
    is_denied(watched, shadow(watched))
    watched.lands(DAY)

    scoring = score("flights", DAY, watched.ports)

    assert scoring.decision == "scored"
    assert [(job.function, job.event) for job in started(watched)] == [
        ("shadow", {"model": "flights", "partition": DAY})
    ]
    assert watched.alerts() == []


def test_without_a_challenger_no_job_is_started(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, a_config(training=training()))
    watched.lived_through(12)
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    watched.lands(DAY)

    score("flights", DAY, watched.ports)

    assert started(watched) == []


@pytest.mark.parametrize("fault", [is_denied, is_corrupted, throws, is_slow])
def test_a_shadow_that_cannot_is_told_and_what_is_served_stands(
    watched: WatchedModel, fault: Fault
) -> None:
    fault(watched, shadow(watched))
    watched.lands(DAY)
    score("flights", DAY, watched.ports)
    before = scored(watched)

    predict_in_shadow("flights", DAY, watched.ports)

    assert scored(watched) == before
    [alert] = watched.alerts()
    assert (alert.rule, alert.evidence.severity) == ("shadow", "warn")


@pytest.mark.parametrize(
    ("how", "ends"), [("without memory", 0), ("killed", -9)], ids=["no memory", "killed"]
)
def test_a_shadow_that_takes_all_memory_or_its_process_along_leaves_what_is_served(
    watched: WatchedModel, how: str, ends: int
) -> None:
    healthy = watched.version(shadow(watched))
    if how == "without memory":
        wants_all_memory(watched, healthy.id)
    watched.labels_land(DAY)
    watched.lands(DAY)
    score("flights", DAY, watched.ports)
    before, checked = scored(watched), check_of(watched)

    asked = [sys.executable, "-c", LIMITED, how, str(watched.folder), f"{watched.now:%Y-%m-%d}"]
    done = subprocess.run(asked, cwd=ROOT, check=False, capture_output=True, text=True)

    assert done.returncode == ends, done.stderr
    assert scored(watched) == before
    assert check_of(watched) == checked
    assert watched.cohort(DAY).served.labelled == ROWS
    assert [alert.rule for alert in watched.alerts()] == (["shadow"] if ends == 0 else [])
    known = watched.version(healthy.id)
    watched.ports.records.commit(changed(healthy.model_copy(update={"revision": known.revision})))
    after = watched.is_scored(DAY).scored  # the retry, by a version that is whole again
    assert after is not None
    assert after.logs[0] == before.logs[0]
    assert (after.has(healthy.id), watched.cohort(DAY).has(healthy.id)) == (True, True)


def check_of(watched: WatchedModel) -> PredictionsCheck | None:
    return watched.ports.records.get(PredictionsCheck, PredictionsCheck.id_of("flights", DAY))


def test_a_shadow_predicts_what_was_served_though_more_has_landed_since(
    watched: WatchedModel,
) -> None:
    watched.lands(DAY)
    score("flights", DAY, watched.ports)
    late = some_flights(LATER).head(7)
    watched.lands(DAY, late, part="part-1")

    first = predict_in_shadow("flights", DAY, watched.ports)
    score("flights", DAY, watched.ports)
    then = predict_in_shadow("flights", DAY, watched.ports)

    assert first is not None
    assert then is not None
    assert [log.rows for log in first.logs] == [ROWS, ROWS]
    assert [log.rows for log in then.logs] == [ROWS + 7, ROWS + 7]


def test_a_version_never_predicts_what_was_served_before_it_was_made(
    watched: WatchedModel,
) -> None:
    watched.lands(DAY)
    score("flights", DAY, watched.ports)
    made = watched.version(shadow(watched))
    made_later = made.model_copy(update={"made_at": watched.now.replace(hour=13)})
    assert watched.ports.records.commit(changed(made_later))

    predict_in_shadow("flights", DAY, watched.ports)

    assert [log.stage for log in scored(watched).logs] == ["champion"]
    assert watched.alerts() == []
