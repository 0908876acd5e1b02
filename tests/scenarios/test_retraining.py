"""A training makes a version that says what made it, once, and judges it on newer days."""

import pytest

from core.domain.alert import Alert, Disposition
from core.domain.base import Record
from core.domain.challenge import Challenge, ChallengeState
from core.domain.errors import Unavailable
from core.domain.evaluation import Evaluation
from core.domain.served import Served
from core.domain.verdict import ErrorClass
from core.domain.version import Version
from core.ports import new
from functions.data import artefacts
from functions.flows.retrain import retrain
from functions.ml.training.pipeline import predict
from tests.builders import ADA, a_config, an_alert, some_evidence
from tests.trained import evaluations, retrained, versions
from tests.watched_model import ROWS, WatchedModel, some_flights, some_labels, training


def test_the_first_version_says_what_made_it_and_serves_at_once(watched: WatchedModel) -> None:
    watched.lived_through(12)

    done = retrained(watched)

    version = watched.version(done.version)
    assert (done.decision, done.rows, done.days) == ("trained", 10 * ROWS, 10)
    assert (version.manifest.first_day, version.manifest.last_day) == ("2013-01-03", "2013-01-09")
    assert version.manifest.rows == 7 * ROWS
    assert version.manifest.config_hash == watched.config.hash
    assert version.manifest.environment["scikit-learn"]
    assert (version.asked_by, version.reason, version.parent) == (ADA.id, "asked for by Ada", None)
    assert version.made_at == watched.now
    assert watched.ports.objects.get(version.reference_key or "")
    assert watched.serving().champion == version.id
    [served] = watched.ports.records.query(Served, "served:flights")
    assert served.how == "first version"


def test_a_version_is_judged_on_days_it_was_not_shown(watched: WatchedModel) -> None:
    watched.lived_through(12)

    [evaluation] = evaluations(watched, retrained(watched).version)

    assert [used.partition for used in evaluation.validation] == [
        "2013-01-10",
        "2013-01-11",
        "2013-01-12",
    ]
    assert evaluation.rows == 3 * ROWS
    area = evaluation.metric("roc_auc")
    assert area is not None
    assert area.version.middle > 0.7
    assert evaluation.champion is None
    assert evaluation.gain is None


def test_started_twice_it_trains_once_and_one_card_is_posted(watched: WatchedModel) -> None:
    watched.lived_through(12)
    first = retrained(watched)

    again = retrained(watched)

    assert (again.decision, again.version) == ("already trained", first.version)
    assert len(versions(watched)) == 1
    assert len(evaluations(watched, first.version)) == 1
    assert len(watched.ports.records.query(Challenge, "challenges:flights")) == 1


def test_the_next_version_challenges_the_champion_on_the_very_same_rows(
    watched: WatchedModel,
) -> None:
    watched.apply(a_config(training=training(estimator="DummyClassifier")))
    watched.lived_through(12)
    first = retrained(watched)

    watched.apply(a_config())
    second = retrained(watched)

    serving = watched.serving()
    assert (serving.champion, serving.challenger) == (first.version, second.version)
    assert watched.version(second.version).parent == first.version
    [evaluation] = evaluations(watched, second.version)
    assert evaluation.champion == first.version
    of_first = {
        metric.name: metric.version for metric in evaluations(watched, first.version)[0].metrics
    }
    assert {metric.name: metric.champion for metric in evaluation.metrics} == of_first
    assert evaluation.gain is not None
    assert evaluation.gain.low is not None
    assert evaluation.gain.low > 0
    challenge = watched.ports.records.get(
        Challenge, Challenge.id_of("flights", watched.version(second.version).id)
    )
    assert challenge is not None
    assert challenge.state is ChallengeState.SHADOW
    assert challenge.against == first.version


@pytest.mark.parametrize("other", ["config", "labels", "features", "day"])
def test_anything_else_that_goes_in_makes_another_version(
    watched: WatchedModel, other: str
) -> None:
    watched.lived_through(12)
    first = retrained(watched)

    match other:
        case "config":
            watched.apply(a_config(training=training(seed=1)))
        case "labels":
            row, late = next(iter(some_labels("2013-01-05").items()))
            watched.labels_land("2013-01-05", {row: 1 - late}, part="part-1")
        case "features":
            watched.lands("2013-01-05", some_flights("2013-01-05").assign(distance=1.0))
        case "day":
            watched.lived_through(13)

    second = retrained(watched)
    assert second.decision == "trained"
    assert second.version != first.version


def test_new_evidence_does_not_rename_a_version(watched: WatchedModel) -> None:
    watched.lived_through(12)
    first = retrained(watched)
    row, late = next(iter(some_labels("2013-01-11").items()))
    watched.labels_land("2013-01-11", {row: 1 - late}, part="part-1")

    again = retrained(watched)

    assert (again.decision, again.version) == ("already trained", first.version)
    assert len(evaluations(watched, first.version)) == 2


@pytest.mark.parametrize("lost", [Version, Evaluation, Challenge])
def test_a_run_that_stopped_anywhere_is_finished_by_the_next(
    watched: WatchedModel, lost: type[Record]
) -> None:
    watched.lived_through(12)
    with pytest.raises(Unavailable):
        retrain("flights", ADA.id, "cadence", watched.while_none_is_stored(lost))

    done = retrained(watched)

    assert watched.serving().champion == done.version
    assert len(versions(watched)) == 1
    assert len(evaluations(watched, done.version)) == 1


def test_of_two_runs_at_once_one_version_is_kept(watched: WatchedModel) -> None:
    watched.lived_through(12)

    def meanwhile() -> None:
        retrained(watched)

    overtaken = watched.while_overtaken_by(meanwhile, times=3)
    done = retrain("flights", ADA.id, "cadence", overtaken)

    assert [version.id for version in versions(watched)] == [done.version]
    assert watched.serving().champion == done.version
    assert len(evaluations(watched, done.version)) == 1


def test_retraining_up_to_a_day_sees_nothing_later(watched: WatchedModel) -> None:
    watched.lived_through(14)

    done = retrained(watched, up_to="2013-01-12")

    [evaluation] = evaluations(watched, done.version)
    assert evaluation.validation[-1].partition == "2013-01-12"


def test_the_function_answers_what_came_of_it(watched: WatchedModel) -> None:
    watched.lived_through(12)

    event = {"model": "flights", "reason": "cadence", "asked_by": "watchkeeper"}
    answer = watched.call("retrain", event)

    assert answer["decision"] == "trained"
    assert answer["version"] == watched.serving().champion


@pytest.mark.parametrize(
    ("error_class", "disposition", "is_left_out"),
    [
        (ErrorClass.HARD, None, True),
        (ErrorClass.HARD, Disposition.EXPECTED_CHANGE, False),
        (ErrorClass.DRIFT, None, False),
        (ErrorClass.DRIFT, Disposition.REAL_DRIFT, False),
        (ErrorClass.DRIFT, Disposition.DATA_BUG, True),
    ],
)
def test_wrong_data_is_not_learned_from_but_drift_is(
    watched: WatchedModel,
    error_class: ErrorClass,
    disposition: Disposition | None,
    is_left_out: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    watched.lived_through(12)
    day = "2013-01-05"
    alert = an_alert(
        id=Alert.id_of("flights", day, "partition"),
        partition=day,
        evidence=some_evidence(error_class=error_class),
        disposition=disposition,
    )
    watched.ports.records.commit(new(alert))

    done = retrained(watched)

    learned = [used.partition for used in watched.version(done.version).manifest.partitions]
    assert (day in learned) is not is_left_out
    assert done.left_out == ((day,) if is_left_out else ())
    assert done.days == 10


def test_a_retraining_replaces_an_artefact_that_is_refused(watched: WatchedModel) -> None:
    watched.lived_through(10)
    version = retrained(watched).version
    key = watched.version(version).artefact.key
    watched.ports.objects.put(key, b"not what was stored")

    again = retrained(watched)

    assert (again.decision, again.version) == ("trained", version)
    ports = watched.ports
    artefacts.load("flights", watched.version(version), predict, ports.objects, ports.signer)
