"""Champion, earlier version, simple model, constant: whoever can predict does, and it is told."""

from pathlib import Path

import pytest

from core.domain.ids import VersionId
from core.domain.scored import Scored
from core.ports import changed, new
from functions.data.logged_predictions import LoggedPredictions
from functions.flows.join_labels import join_labels
from functions.flows.score import Scoring, score
from tests.builders import a_config
from tests.logs import served_of
from tests.scenarios.faults import Fault, is_corrupted, is_denied, is_slow, throws
from tests.trained import promoted, trained, trained_by
from tests.watched_model import ROWS, WatchedModel, some_flights, training

DAY = "2013-01-13"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with two versions, the second of which serves."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    trained(watched)
    promoted(watched, trained(watched, estimator="DecisionTreeClassifier"))
    return watched


FAULTS = pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (is_denied, "is gone"),
        (is_corrupted, "were changed after it was stored"),
        (throws, "cannot predict: it throws ValueError"),
        (is_slow, "took longer than 1e-09 s"),
    ],
)


@FAULTS
def test_a_champion_that_cannot_serve_is_replaced_by_the_version_before_it(
    watched: WatchedModel, fault: Fault, sentence: str
) -> None:
    broken, earlier = watched.champion(), watched.serving().previous
    fault(watched, broken)

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored by an earlier version"
    [logged] = of(scoring).logs
    assert (logged.version, logged.stage, logged.maker) == (earlier, "fallback", "version")
    assert of(scoring).instead_of == broken
    [hop] = of(scoring).hops
    assert (hop.version, hop.maker) == (broken, "version")
    assert sentence in hop.why
    [alert] = [one for one in watched.alerts() if one.rule != "shadow"]  # the guard is refused too
    assert alert.evidence.severity == "page"
    assert sentence in alert.evidence.summary
    assert alert.evidence.next_step.startswith("An earlier version serves meanwhile.")


def of(scoring: Scoring) -> Scored:
    assert scoring.scored is not None
    return scoring.scored


@FAULTS
def test_when_no_version_can_serve_the_simple_model_of_the_champion_does(
    watched: WatchedModel, fault: Fault, sentence: str
) -> None:
    broken, earlier = watched.champion(), watched.serving().previous
    assert earlier is not None
    is_corrupted(watched, broken)
    fault(watched, earlier)

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored by a simple model"
    logged = of(scoring).served
    assert (logged.version, logged.maker, logged.trained_with) == (
        f"{broken}.simple",
        "simple",
        broken,
    )
    assert [(hop.version, hop.maker) for hop in of(scoring).hops] == [
        (broken, "version"),
        (earlier, "version"),
    ]
    found = LoggedPredictions.read(logged, watched.ports.objects)
    assert found.said.std() > 0
    [alert] = [one for one in watched.alerts() if one.rule != "shadow"]  # the guard is refused too
    assert "The simple model that was trained with it serves" in alert.evidence.next_step
    assert sentence in alert.evidence.summary


@FAULTS
def test_when_the_simple_model_cannot_serve_either_a_constant_is_served(
    watched: WatchedModel, fault: Fault, sentence: str
) -> None:
    broken, earlier = watched.champion(), watched.serving().previous
    assert earlier is not None
    is_corrupted(watched, earlier)
    is_corrupted(watched, broken)
    if fault is is_slow:  # the time is that of the version's config
        is_slow(watched, broken)
    else:
        its_simple_model(watched, broken, fault)

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored by a constant"
    assert [hop.maker for hop in of(scoring).hops] == ["version", "version", "simple"]
    assert sentence in of(scoring).hops[-1].why
    assert len(set(served_of(of(scoring).served, watched.ports.objects))) == 1
    [alert] = [one for one in watched.alerts() if one.rule != "shadow"]  # the guard is refused too
    assert alert.evidence.next_step.startswith("A constant is served meanwhile.")


def its_simple_model(watched: WatchedModel, version: VersionId, fault: Fault) -> None:
    """Let the fault be one of the simple model."""
    of_it = watched.version(version).simplified()
    assert of_it is not None
    assert watched.ports.records.commit(new(of_it.model_copy(update={"revision": 0})))
    fault(watched, of_it.id)
    found = watched.version(of_it.id)
    known = watched.version(version)
    assert known.simple is not None
    simple = known.simple.model_copy(update={"artefact": found.artefact, "seal": found.seal})
    after = known.model_copy(update={"simple": simple})
    assert watched.ports.records.commit(changed(after))


@pytest.mark.parametrize("constant", [None, 0.25])
def test_the_last_resort_is_a_constant_of_the_config_or_what_was_usual(
    watched: WatchedModel, constant: float | None
) -> None:
    config = a_config(training=training(seed=7), scoring={"fallback": {"constant": constant}})
    last = trained_by(config, watched)
    promoted(watched, last)
    for version in (last, *watched.serving().earlier):
        is_corrupted(watched, version)
    simple = watched.version(last).simple
    assert simple is not None
    watched.ports.objects.put(simple.artefact.key, b"other bytes")

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored by a constant"
    assert [hop.maker for hop in of(scoring).hops] == ["version"] * 3 + ["simple"]
    served = set(served_of(of(scoring).served, watched.ports.objects))
    assert served == {simple.usual[0] if constant is None else constant}
    [alert] = [one for one in watched.alerts() if one.rule != "shadow"]  # the guard is refused too
    assert alert.evidence.next_step.startswith("A constant is served meanwhile.")


def test_a_fallback_is_told_once_however_often_the_partition_is_scored(
    watched: WatchedModel,
) -> None:
    is_corrupted(watched, watched.champion())
    first = watched.lands_and_is_scored(DAY)

    again = score("flights", DAY, watched.ports)

    assert again.decision == "scored before"
    assert of(again).logs == of(first).logs
    assert len(watched.alerts()) == 1


def test_labels_are_booked_to_what_the_fallback_said(watched: WatchedModel) -> None:
    for version in (watched.champion(), *watched.serving().earlier):
        is_corrupted(watched, version)
    watched.lands_and_is_scored(DAY)
    watched.labels_land(DAY)

    cohort = join_labels("flights", DAY, watched.ports).cohort

    assert cohort is not None
    assert (cohort.served.stage, cohort.served.labelled) == ("fallback", ROWS)
    assert cohort.served.version.endswith(".simple")


def test_rows_that_land_late_are_predicted_by_the_same_fallback(watched: WatchedModel) -> None:
    for version in (watched.champion(), *watched.serving().earlier):
        is_corrupted(watched, version)
    watched.lands_and_is_scored(DAY)
    watched.lands(DAY, some_flights("2013-02-13", rows=7), part="part-1")

    late = of(score("flights", DAY, watched.ports)).served

    assert (late.maker, late.rows, len(late.late)) == ("simple", ROWS + 7, 1)


def test_a_missing_column_is_a_fault_of_the_data_and_no_version_guesses(
    watched: WatchedModel,
) -> None:
    scoring = watched.lands_and_is_scored(DAY, some_flights(DAY).drop(columns="distance"))

    assert (scoring.decision, scoring.scored) == ("bad data", None)


@pytest.mark.parametrize("fault", [throws, is_slow])
def test_a_shadow_that_throws_or_is_slow_is_told_and_what_is_served_stands(
    watched: WatchedModel, fault: Fault
) -> None:
    shadow = trained(watched, seed=3)
    fault(watched, shadow)

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored"
    assert of(scoring).served.stage == "champion"
    assert not of(scoring).has(shadow)
    [alert] = watched.alerts()
    assert (alert.rule, alert.evidence.severity) == ("shadow", "warn")
