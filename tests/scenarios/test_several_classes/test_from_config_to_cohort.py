"""A model of several classes, from its config to how its predictions turned out."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss

from bot.modals.screens import status_screen
from core.adapters.slack.cards import card_of
from core.domain.challenge import Challenge
from core.domain.evaluation import Evaluation
from core.domain.ids import VersionId
from core.flows.overview import overview
from functions.data.logged_predictions import LoggedPredictions
from tests.real_tables import CULTIVARS, labelled, scored, trained
from tests.scenarios.test_several_classes.wines import (
    DAY,
    LEARNED,
    NEXT,
    WINE,
    in_order,
    probabilities,
)
from tests.watched_model import WatchedModel, training


def test_what_is_predicted_is_logged_with_the_class_decided_for_and_all_probabilities(
    watched: WatchedModel,
) -> None:
    result = scored(watched, DAY, WINE.features(DAY))

    assert result["decision"] == "scored"
    log = LoggedPredictions.of(watched.ports.objects.get(result["scored"]["logs"][0]["key"]))
    assert list(log.keys) == WINE.features(DAY)["row"].tolist()
    assert log.made_for.classes == CULTIVARS
    np.testing.assert_allclose(probabilities(log, watched).sum(axis=1), 1)
    assert log.scores.tolist() == probabilities(log, watched).max(axis=1).tolist()
    assert np.mean(np.array(log.decided) == in_order(WINE.truths(DAY), log.keys)) > 0.9


def test_a_cohort_says_what_scikit_learn_says(watched: WatchedModel) -> None:
    scored(watched, DAY, WINE.features(DAY))

    assert labelled(watched, DAY, WINE.truths(DAY))["decision"] == "booked"

    cohort = watched.cohort(DAY)
    log = LoggedPredictions.of(watched.ports.objects.get(cohort.served.key))
    truths = in_order(WINE.truths(DAY), log.keys)
    brier = brier_score_loss(
        truths, probabilities(log, watched), labels=CULTIVARS, scale_by_half=True
    )
    assert cohort.served.loss == pytest.approx(brier)
    assert cohort.served.brier == cohort.served.loss
    expected = log_loss(truths, probabilities(log, watched), labels=list(CULTIVARS))
    assert cohort.served.log_loss == pytest.approx(expected)
    assert cohort.served.accuracy == accuracy_score(truths, log.decided)
    assert cohort.served.mean_absolute_error is None


def test_people_read_brier_score_and_accuracy(watched: WatchedModel) -> None:
    scored(watched, DAY, WINE.features(DAY))
    labelled(watched, DAY, WINE.truths(DAY))

    served = watched.cohort(DAY).served
    champion = watched.serving().champion
    challenge = watched.ports.records.get(
        Challenge, Challenge.id_of("wine", champion or VersionId(""))
    )
    assert challenge is not None
    told = f"Realised: Brier score {served.brier:.4f}, accuracy"
    assert told in str(card_of(challenge).blocks)
    assert told in str(status_screen(overview(watched.ports)))


def test_a_challenger_in_shadow_is_judged_on_the_same_wines(watched: WatchedModel) -> None:
    watched.apply(
        WINE.config.model_copy(
            update={"training": WINE.config.training.model_copy(update={"seed": 1})}
        )
    )
    second = trained(watched)["version"]

    scored(watched, DAY, WINE.features(DAY))
    labelled(watched, DAY, WINE.truths(DAY))

    first, other = watched.cohort(DAY).outcomes
    assert (first.stage, other.stage, other.version) == ("champion", "shadow", second)
    assert first.labelled == other.labelled == WINE.rows_a_day
    [evaluation] = watched.ports.records.query(Evaluation, f"evaluations:{second}")
    assert evaluation.champion == watched.serving().champion
    assert evaluation.gain is not None


@pytest.mark.parametrize(
    "estimator",
    [
        "HistGradientBoostingClassifier",
        "RandomForestClassifier",
        "DecisionTreeClassifier",
        "DummyClassifier",
    ],
)
def test_every_classifier_goes_from_config_to_served(tmp_path: Path, estimator: str) -> None:
    parameters = {"max_iter": 5} if "Hist" in estimator else {}
    stated = training(estimator=estimator, parameters=parameters, window_days=8, validation_days=2)
    watched = WINE.watched(tmp_path, training=stated)
    WINE.lands(watched, LEARNED)
    assert trained(watched)["decision"] == "trained"

    result = scored(watched, DAY, WINE.features(DAY))

    assert result["decision"] == "scored"


def test_a_label_of_a_wine_that_was_never_predicted_is_counted(watched: WatchedModel) -> None:
    scored(watched, DAY, WINE.features(DAY).iloc[1:])

    labelled(watched, DAY, WINE.truths(DAY))

    cohort = watched.cohort(DAY)
    assert (cohort.unmatched, cohort.served.labelled) == (1, WINE.rows_a_day - 1)


def test_late_wines_are_predicted_behind_the_others(watched: WatchedModel) -> None:
    scored(watched, DAY, WINE.features(DAY).iloc[:10])

    scored(watched, DAY, WINE.features(DAY))
    labelled(watched, DAY, WINE.truths(DAY))

    served = watched.cohort(DAY).served
    assert (served.predicted, served.labelled) == (WINE.rows_a_day, WINE.rows_a_day)
    assert (served.accuracy or 0) > 0.9


def test_wines_that_were_asked_for_one_by_one_turn_out_as_if_they_had_come_together(
    watched: WatchedModel,
) -> None:
    rows = json.loads(WINE.features(DAY).to_json(orient="records", date_format="iso"))
    for number, row in enumerate(rows):
        body = json.dumps({"model": "wine", "rows": [row]})
        event = {"body": body, "requestContext": {"requestId": f"r{number}"}}
        assert watched.call("score_request", event)["statusCode"] == 200

    assert labelled(watched, DAY, WINE.truths(DAY))["decision"] == "booked"

    asked = watched.cohort(DAY).served
    watched.it_is(DAY)
    scored(watched, NEXT, WINE.features(DAY))
    labelled(watched, NEXT, WINE.truths(DAY))
    as_a_whole = watched.cohort(NEXT).served
    assert asked.labelled == as_a_whole.labelled == WINE.rows_a_day
    assert asked.loss == pytest.approx(as_a_whole.loss)
