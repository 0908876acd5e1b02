"""A model of several classes, from its config to how its predictions turned out: real wines."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss

from bot.modals.screens import status_screen
from core.adapters.slack.cards import card_of
from core.domain.challenge import Challenge
from core.domain.evaluation import Evaluation
from core.domain.ids import VersionId
from core.domain.scored import Scored
from core.flows.overview import overview
from functions.arrays import Floats
from functions.data.logged_predictions import LoggedPredictions
from tests.real_tables import CULTIVARS, cohort_of, labelled, scored, trained, wine
from tests.watched_model import WatchedModel, parquet_of, training

WINE = wine()
LEARNED, DAY, NEXT = WINE.days[:8], WINE.days[8], WINE.days[9]


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model whose first version has learned from eight days."""
    watched = WINE.watched(tmp_path)
    WINE.lands(watched, LEARNED)
    assert trained(watched)["decision"] == "trained"
    watched.it_is(DAY)
    return watched


def probabilities(log: LoggedPredictions, watched: WatchedModel) -> Floats:
    found = log.for_target(watched.config.target)
    assert found is not None
    return found


def in_order(truths: pd.DataFrame, keys: "pd.Index[str]") -> list[str]:
    return truths.set_index("row")["truth"].loc[list(keys)].tolist()


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

    cohort = cohort_of(watched, DAY)
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

    served = cohort_of(watched, DAY).served
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

    first, other = cohort_of(watched, DAY).outcomes
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


def test_a_class_that_was_not_learned_gets_probability_0_and_the_owner_is_told(
    tmp_path: Path,
) -> None:
    watched = WINE.watched(
        tmp_path, target=WINE.config.target.model_dump() | {"classes": ("blend", *CULTIVARS)}
    )
    WINE.lands(watched, LEARNED)

    done = trained(watched)

    assert (done["decision"], done["without"]) == ("trained", ["blend"])
    [alert] = watched.alerts()
    assert "learned from 96 rows; none of them is of the class `blend`" in alert.evidence.summary
    result = scored(watched, DAY, WINE.features(DAY))
    log = LoggedPredictions.of(watched.ports.objects.get(result["scored"]["logs"][0]["key"]))
    assert probabilities(log, watched).shape == (WINE.rows_a_day, 4)
    assert probabilities(log, watched)[:, 0].tolist() == [0.0] * WINE.rows_a_day
    labelled(watched, DAY, WINE.truths(DAY))
    assert (cohort_of(watched, DAY).served.accuracy or 0) > 0.9


def test_a_class_that_was_not_learned_is_not_named_where_the_target_is_sensitive(
    tmp_path: Path,
) -> None:
    target = WINE.config.target.model_dump() | {"classes": ("a secret", *CULTIVARS)}
    watched = WINE.watched(tmp_path, target=target, sensitive=("truth",))
    WINE.lands(watched, LEARNED)

    trained(watched)

    [alert] = watched.alerts()
    assert "none of them is of 1 of its classes, which has" in alert.evidence.summary


def test_two_of_three_classes_are_not_mistaken_for_a_binary_target(tmp_path: Path) -> None:
    stated = training(window_days=8, validation_days=2, minimum_rows=50)
    watched = WINE.watched(tmp_path, training=stated)
    for day in LEARNED:
        truths = WINE.truths(day)
        watched.puts("features", day, parquet_of(WINE.features(day)))
        watched.puts("labels", day, parquet_of(truths[truths["truth"] != "class_1"]))
    watched.it_is(NEXT)
    assert trained(watched)["without"] == ["class_1"]

    result = scored(watched, DAY, WINE.features(DAY))

    log = LoggedPredictions.of(watched.ports.objects.get(result["scored"]["logs"][0]["key"]))
    assert probabilities(log, watched).shape == (WINE.rows_a_day, 3)
    assert not probabilities(log, watched)[:, 1].any()


def test_one_class_alone_is_nothing_to_learn_from(tmp_path: Path) -> None:
    watched = WINE.watched(tmp_path)
    for day in LEARNED:
        truths = WINE.truths(day).assign(truth="class_2")
        watched.puts("features", day, parquet_of(WINE.features(day)))
        watched.puts("labels", day, parquet_of(truths))
    watched.it_is(DAY)

    done = trained(watched)

    assert done["decision"] == "too few rows"
    [alert] = watched.alerts()
    assert "128 rows in 8 partitions have mature labels" in alert.evidence.summary
    assert "all rows to learn from have the same label" in alert.evidence.summary


def test_labels_that_are_all_missing_are_nothing_to_learn_from(tmp_path: Path) -> None:
    watched = WINE.watched(tmp_path)
    for day in LEARNED:
        watched.puts("features", day, parquet_of(WINE.features(day)))
        watched.puts("labels", day, parquet_of(WINE.truths(day).assign(truth=None)))
    watched.it_is(NEXT)

    done = trained(watched)

    assert (done["decision"], done["rows"]) == ("too few rows", 0)


def test_a_label_of_a_class_that_the_config_does_not_name_is_told_and_books_nothing(
    watched: WatchedModel,
) -> None:
    scored(watched, DAY, WINE.features(DAY))

    result = labelled(watched, DAY, WINE.truths(DAY).replace("class_1", "blend"))

    assert result["decision"] == "bad data"
    [alert] = watched.alerts()
    assert alert.evidence.summary == (
        f"The labels of {DAY} need a column `truth` that holds one of its 3 classes or nothing, "
        "but it holds `blend`."
    )


def test_a_label_of_a_wine_that_was_never_predicted_is_counted(watched: WatchedModel) -> None:
    scored(watched, DAY, WINE.features(DAY).iloc[1:])

    labelled(watched, DAY, WINE.truths(DAY))

    cohort = cohort_of(watched, DAY)
    assert (cohort.unmatched, cohort.served.labelled) == (1, WINE.rows_a_day - 1)


def test_predictions_are_booked_by_name_when_the_order_of_classes_has_changed(
    watched: WatchedModel,
) -> None:
    scored(watched, DAY, WINE.features(DAY))
    labelled(watched, DAY, WINE.truths(DAY))
    before = cohort_of(watched, DAY)
    target = WINE.config.target.model_copy(update={"classes": CULTIVARS[::-1]})

    watched.apply(WINE.config.model_copy(update={"target": target}))
    result = labelled(watched, DAY, WINE.truths(DAY))

    assert result["decision"] == "unchanged"
    scored(watched, NEXT, WINE.features(NEXT))
    labelled(watched, NEXT, WINE.truths(NEXT))
    assert cohort_of(watched, DAY) == before
    assert (cohort_of(watched, NEXT).served.accuracy or 0) > 0.9


def test_a_champion_is_compared_class_by_class_when_the_order_of_classes_has_changed(
    watched: WatchedModel,
) -> None:
    first = watched.serving().champion
    target = WINE.config.target.model_copy(update={"classes": CULTIVARS[::-1]})
    watched.apply(WINE.config.model_copy(update={"target": target}))

    second = trained(watched)["version"]

    [before] = watched.ports.records.query(Evaluation, f"evaluations:{first}")
    [after] = watched.ports.records.query(Evaluation, f"evaluations:{second}")
    assert after.champion == first
    assert after.metrics[0].champion is not None
    assert after.metrics[0].champion.middle == pytest.approx(before.metrics[0].version.middle)


def test_a_champion_of_another_kind_of_target_is_not_compared(watched: WatchedModel) -> None:
    target: dict[str, Any] = {"column": "truth", "delay_days": 1}
    watched.apply(WINE.config.model_validate(WINE.config.model_dump() | {"target": target}))
    for day in LEARNED:
        truths = WINE.truths(day)
        is_first = (truths["truth"] == "class_0").astype("int8")
        watched.puts("labels", day, parquet_of(truths.assign(truth=is_first)))

    second = trained(watched)["version"]

    [evaluation] = watched.ports.records.query(Evaluation, f"evaluations:{second}")
    assert evaluation.champion is None
    assert "roc_auc" in [metric.name for metric in evaluation.metrics]


def test_late_wines_are_predicted_behind_the_others(watched: WatchedModel) -> None:
    scored(watched, DAY, WINE.features(DAY).iloc[:10])

    scored(watched, DAY, WINE.features(DAY))
    labelled(watched, DAY, WINE.truths(DAY))

    served = cohort_of(watched, DAY).served
    assert (served.predicted, served.labelled) == (WINE.rows_a_day, WINE.rows_a_day)
    assert (served.accuracy or 0) > 0.9


def test_a_corrected_label_is_one_correction_whatever_the_order_of_classes_is_by_now(
    watched: WatchedModel,
) -> None:
    scored(watched, DAY, WINE.features(DAY))
    labelled(watched, DAY, WINE.truths(DAY))
    target = WINE.config.target.model_copy(update={"classes": CULTIVARS[::-1]})
    watched.apply(WINE.config.model_copy(update={"target": target}))
    truths = WINE.truths(DAY)
    other = "class_0" if truths["truth"].iloc[0] != "class_0" else "class_1"
    truths.iloc[0, 1] = other

    labelled(watched, DAY, truths)

    assert cohort_of(watched, DAY).corrections == 1


def test_what_was_predicted_for_another_kind_of_target_is_not_held_against_its_labels(
    watched: WatchedModel,
) -> None:
    scored(watched, DAY, WINE.features(DAY))
    target: dict[str, Any] = {"column": "truth", "delay_days": 1}
    watched.apply(WINE.config.model_validate(WINE.config.model_dump() | {"target": target}))

    result = labelled(watched, DAY, WINE.truths(DAY).assign(truth=1))

    assert result["decision"] == "booked"
    assert cohort_of(watched, DAY).served.loss is None
    assert cohort_of(watched, DAY).served.labelled == 0


def test_the_same_class_for_every_wine_is_a_hard_error(watched: WatchedModel) -> None:
    same = WINE.features(DAY)
    same.loc[:, list(WINE.config.columns)] = same[list(WINE.config.columns)].iloc[0].to_numpy()

    scored(watched, DAY, same)

    assert watched.ports.records.get(Scored, Scored.id_of("wine", DAY)) is not None
    [alert] = [alert for alert in watched.alerts() if alert.partition == DAY]
    assert "`prediction`: `class_" in alert.evidence.summary
    assert alert.evidence.summary.endswith("in every row")


def test_wines_that_were_asked_for_one_by_one_turn_out_as_if_they_had_come_together(
    watched: WatchedModel,
) -> None:
    rows = json.loads(WINE.features(DAY).to_json(orient="records", date_format="iso"))
    for number, row in enumerate(rows):
        body = json.dumps({"model": "wine", "rows": [row]})
        event = {"body": body, "requestContext": {"requestId": f"r{number}"}}
        assert watched.call("score_request", event)["statusCode"] == 200

    assert labelled(watched, DAY, WINE.truths(DAY))["decision"] == "booked"

    asked = cohort_of(watched, DAY).served
    watched.it_is(DAY)
    scored(watched, NEXT, WINE.features(DAY))
    labelled(watched, NEXT, WINE.truths(DAY))
    as_a_whole = cohort_of(watched, NEXT).served
    assert asked.labelled == as_a_whole.labelled == WINE.rows_a_day
    assert asked.loss == pytest.approx(as_a_whole.loss)
