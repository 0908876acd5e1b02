"""A model of a number, from its config to how its predictions turned out: real patients."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error, mean_squared_error

from bot.modals.screens import home_view, status_screen
from core.adapters.slack.cards import card_of
from core.domain.challenge import Challenge
from core.domain.evaluation import Evaluation
from core.domain.ids import VersionId
from core.domain.realised import Realised
from core.flows.overview import overview
from functions.data.logged_predictions import LoggedPredictions
from tests.real_tables import diabetes, labelled, scored, trained
from tests.watched_model import WatchedModel, parquet_of, training

PATIENTS = diabetes()
LEARNED, DAY, NEXT = PATIENTS.days[:8], PATIENTS.days[8], PATIENTS.days[9]


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model whose first version has learned from eight days."""
    watched = PATIENTS.watched(tmp_path)
    PATIENTS.lands(watched, LEARNED)
    assert trained(watched)["decision"] == "trained"
    watched.it_is(DAY)
    return watched


def by_key(truths: pd.DataFrame, keys: "pd.Index[str]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    return truths.set_index("row")["truth"].loc[list(keys)].to_numpy(np.float64)


def test_a_cohort_says_what_scikit_learn_says(watched: WatchedModel) -> None:
    scored(watched, DAY, PATIENTS.features(DAY))

    assert labelled(watched, DAY, PATIENTS.truths(DAY))["decision"] == "booked"

    served = watched.cohort(DAY).served
    log = LoggedPredictions.of(watched.ports.objects.get(served.key))
    truths = by_key(PATIENTS.truths(DAY), log.keys)
    squared = mean_squared_error(truths, log.scores)
    assert served.mean_absolute_error == pytest.approx(mean_absolute_error(truths, log.scores))
    assert served.root_mean_squared_error == pytest.approx(squared**0.5)
    assert served.loss == pytest.approx(squared / (346 - 25) ** 2)
    assert (served.brier, served.log_loss, served.accuracy) == (None, None, None)
    assert served.root_mean_squared_error is not None
    assert served.root_mean_squared_error < np.std(PATIENTS.labels)


def test_people_read_errors_in_the_target_s_unit(watched: WatchedModel) -> None:
    for day in (DAY, NEXT):
        scored(watched, day, PATIENTS.features(day))
        labelled(watched, day, PATIENTS.truths(day))

    realised = watched.ports.records.get(Realised, "diabetes")
    assert realised is not None
    quality = realised.served
    squares = [watched.cohort(day).served.root_mean_squared_error or 0 for day in (DAY, NEXT)]
    assert quality.root_mean_squared_error == pytest.approx(np.sqrt(np.mean(np.square(squares))))
    champion = watched.serving().champion or VersionId("")
    challenge = watched.ports.records.get(Challenge, Challenge.id_of("diabetes", champion))
    assert challenge is not None
    told = f"Realised: mean absolute error {quality.mean_absolute_error:.1f} points, root mean"
    assert told in str(card_of(challenge).blocks)
    assert told in str(status_screen(overview(watched.ports)))
    assert told in str(home_view(overview(watched.ports)))
    assert "Brier" not in str(card_of(challenge).blocks)


def test_a_challenger_in_shadow_is_judged_on_the_same_patients(watched: WatchedModel) -> None:
    other = PATIENTS.config.training.model_copy(update={"estimator": "DummyRegressor"})
    watched.apply(PATIENTS.config.model_copy(update={"training": other}))
    second = trained(watched)["version"]

    scored(watched, DAY, PATIENTS.features(DAY))
    labelled(watched, DAY, PATIENTS.truths(DAY))

    champion, challenger = watched.cohort(DAY).outcomes
    assert challenger.version == second
    assert (champion.loss or 1) < (challenger.loss or 0)
    [evaluation] = watched.ports.records.query(Evaluation, f"evaluations:{second}")
    assert evaluation.gain is not None
    assert evaluation.gain.middle < 0


@pytest.mark.parametrize(
    "estimator",
    [
        "HistGradientBoostingRegressor",
        "LinearRegression",
        "RandomForestRegressor",
        "DecisionTreeRegressor",
        "DummyRegressor",
    ],
)
def test_every_regressor_goes_from_config_to_served(tmp_path: Path, estimator: str) -> None:
    parameters = {"max_iter": 5} if "Hist" in estimator else {}
    stated = training(estimator=estimator, parameters=parameters, window_days=8, validation_days=2)
    watched = PATIENTS.watched(tmp_path, training=stated)
    PATIENTS.lands(watched, LEARNED)
    assert trained(watched)["decision"] == "trained"

    result = scored(watched, DAY, PATIENTS.features(DAY))

    assert result["decision"] == "scored"


def test_a_classifier_for_a_number_is_refused_in_words(tmp_path: Path) -> None:
    stated = training(estimator="LogisticRegression", window_days=8, validation_days=2)
    watched = PATIENTS.watched(tmp_path, training=stated)
    PATIENTS.lands(watched, LEARNED)

    assert trained(watched)["decision"] == "config refused"

    [alert] = watched.alerts()
    assert alert.evidence.summary.startswith(
        "training.estimator: `LogisticRegression` predicts classes, and the task of the target is "
        "regression; choose one of DecisionTreeRegressor"
    )


def test_an_infinite_label_is_told_and_nothing_is_trained_with_it(watched: WatchedModel) -> None:
    wrong = PATIENTS.truths(DAY).assign(
        truth=lambda rows: rows["truth"].where(rows.index % 9 > 0, np.inf)
    )
    scored(watched, DAY, PATIENTS.features(DAY))

    assert labelled(watched, DAY, wrong)["decision"] == "bad data"

    [alert] = watched.alerts()
    assert alert.evidence.summary == (
        f"The labels of {DAY} need a column `truth` that holds a finite number or nothing, but it "
        "holds `inf`."
    )
    assert trained(watched)["decision"] == "bad data"


def test_a_label_that_is_not_a_number_is_not_known_yet(watched: WatchedModel) -> None:
    half = PATIENTS.truths(DAY)
    half.iloc[:10, 1] = np.nan
    scored(watched, DAY, PATIENTS.features(DAY))

    labelled(watched, DAY, half)

    served = watched.cohort(DAY).served
    assert (served.predicted, served.labelled) == (40, 30)


def test_labels_that_are_all_missing_give_a_cohort_without_numbers(watched: WatchedModel) -> None:
    scored(watched, DAY, PATIENTS.features(DAY))

    labelled(watched, DAY, PATIENTS.truths(DAY).assign(truth=np.nan))

    served = watched.cohort(DAY).served
    assert (served.loss, served.mean_absolute_error, served.labelled) == (None, None, 0)


def test_the_same_number_for_every_row_to_learn_from_is_no_training(tmp_path: Path) -> None:
    watched = PATIENTS.watched(tmp_path)
    for day in LEARNED:
        watched.puts("features", day, parquet_of(PATIENTS.features(day)))
        watched.puts("labels", day, parquet_of(PATIENTS.truths(day).assign(truth=7.0)))
    watched.it_is(DAY)

    assert trained(watched)["decision"] == "too few rows"


def test_a_label_of_a_patient_that_was_never_predicted_is_counted(watched: WatchedModel) -> None:
    scored(watched, DAY, PATIENTS.features(DAY).iloc[3:])

    labelled(watched, DAY, PATIENTS.truths(DAY))

    assert watched.cohort(DAY).unmatched == 3
    assert watched.cohort(DAY).served.labelled == 37


def test_the_same_number_for_every_patient_is_a_hard_error(watched: WatchedModel) -> None:
    same = PATIENTS.features(DAY)
    same.loc[:, list(PATIENTS.config.columns)] = 0.01

    scored(watched, DAY, same)

    [alert] = [alert for alert in watched.alerts() if alert.partition == DAY]
    assert alert.evidence.summary.startswith("`prediction`: ")
    assert alert.evidence.summary.endswith(" points in every row")


def test_errors_in_another_unit_are_not_averaged_with_the_new_ones(watched: WatchedModel) -> None:
    scored(watched, DAY, PATIENTS.features(DAY))
    labelled(watched, DAY, PATIENTS.truths(DAY))
    target = PATIENTS.config.target.model_copy(update={"unit": "score"})
    watched.apply(PATIENTS.config.model_copy(update={"target": target}))

    scored(watched, NEXT, PATIENTS.features(NEXT))
    labelled(watched, NEXT, PATIENTS.truths(NEXT))

    realised = watched.ports.records.get(Realised, "diabetes")
    assert realised is not None
    assert (realised.served.unit, realised.served.partitions) == ("score", 1)
