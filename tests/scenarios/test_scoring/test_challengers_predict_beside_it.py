"""Challengers predict what was served, and harm nothing."""

import pytest

from core.domain.errors import Unavailable
from core.ports import changed
from functions.flows.predict_in_shadow import predict_in_shadow
from functions.flows.score import score
from tests.scenarios.faults import is_corrupted
from tests.scenarios.test_scoring.scored import DAY, log_of, stored
from tests.trained import promoted, trained
from tests.watched_model import ROWS, WatchedModel, some_flights


def test_the_challenger_predicts_in_shadow_beside_it(watched: WatchedModel) -> None:
    champion = trained(watched)
    challenger = trained(watched, estimator="DummyClassifier")

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.scored is not None
    assert [(log.version, log.stage) for log in scoring.scored.logs] == [
        (champion, "champion"),
        (challenger, "shadow"),
    ]
    assert log_of(watched, scoring.scored, 1)["score"].std() == 0
    assert scoring.scored.served.version == champion


def test_the_champion_of_before_predicts_in_shadow_too_and_neither_is_served(
    watched: WatchedModel,
) -> None:
    guard = trained(watched)
    champion = trained(watched, estimator="DecisionTreeClassifier")
    promoted(watched, champion)
    challenger = trained(watched, estimator="DummyClassifier")
    guarded = watched.serving().model_copy(update={"guard": guard})
    assert watched.ports.records.commit(changed(guarded))

    scored = watched.lands_and_is_scored(DAY).scored

    assert scored is not None
    assert [(log.version, log.stage) for log in scored.logs] == [
        (champion, "champion"),
        (challenger, "shadow"),
        (guard, "shadow"),
    ]
    assert [log_of(watched, scored, place)["served"].count() for place in range(3)] == [ROWS, 0, 0]


def test_a_broken_challenger_harms_nothing_that_is_served(watched: WatchedModel) -> None:
    champion = trained(watched)
    is_corrupted(watched, trained(watched, estimator="DummyClassifier"))

    scoring = watched.lands_and_is_scored(DAY)

    assert scoring.decision == "scored"
    assert scoring.scored is not None
    assert [log.version for log in scoring.scored.logs] == [champion]
    [alert] = watched.alerts()
    assert (alert.rule, alert.evidence.severity) == ("shadow", "warn")


def test_a_challenger_that_breaks_the_function_is_tried_again_after_the_champion_has_served(
    watched: WatchedModel,
) -> None:
    champion = trained(watched)
    challenger = trained(watched, estimator="DummyClassifier")
    artefact = watched.version(challenger).artefact
    watched.lands(DAY)
    score("flights", DAY, watched.ports)
    with pytest.raises(Unavailable):
        predict_in_shadow("flights", DAY, watched.while_cannot_be_read(artefact.key))

    before = stored(watched)
    after = predict_in_shadow("flights", DAY, watched.ports)

    assert before is not None
    assert [log.version for log in before.logs] == [champion]
    assert after is not None
    assert [log.version for log in after.logs] == [champion, challenger]


def test_a_challenger_never_predicts_other_rows_than_those_that_were_served(
    watched: WatchedModel,
) -> None:
    champion = trained(watched)
    watched.lands_and_is_scored(DAY)
    trained(watched, estimator="DummyClassifier")

    scoring = watched.lands_and_is_scored(DAY, some_flights(DAY).assign(distance=5.0))

    assert scoring.scored is not None
    assert [log.version for log in scoring.scored.logs] == [champion]
