"""Predictions that are not as on days held out of the training are told, though columns are."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.domain.alert import Alert
from core.domain.model_config import ModelConfig
from core.domain.skew_judged import SkewJudged
from core.domain.verdict import ErrorClass, Severity
from functions.flows.check_partition import check_partition
from functions.flows.checking.history import reference_in_use
from functions.flows.retrain import retrain
from functions.flows.score import score
from functions.ml.checking.series import Series, Statistic, in_units
from functions.ml.checking.statistics import statistics
from tests.builders import a_config, served_elsewhere
from tests.checked_model import flights
from tests.watched_model import WatchedModel, day, parquet_of, training

LEARNED, KEPT_BACK, SERVED = 20, 2, 12
FAR = 1500
MIDDLE, APART = 1400, 600

CLASSES = {
    "column": "how",
    "task": "multiclass",
    "classes": ("near", "far", "farther"),
    "delay_days": 1,
}
NUMBER = {
    "column": "delay",
    "task": "regression",
    "between": (0, 100),
    "unit": "min",
    "delay_days": 1,
}


def config_of(target: dict[str, Any], estimator: str, **changes: Any) -> ModelConfig:
    made_by = training(
        estimator=estimator, window_days=LEARNED + KEPT_BACK, validation_days=KEPT_BACK
    )
    often = {"partitions_per_false_alarm": 60}
    return a_config(target=target, training=made_by, alerts=often, **changes)


A_PROBABILITY = config_of({"column": "late", "delay_days": 1}, "LogisticRegression")
SOME_CLASSES = config_of(CLASSES, "LogisticRegression")
A_NUMBER = config_of(NUMBER, "Ridge")


def rows_of(ahead: int, *, go_together: bool) -> pd.DataFrame:
    """Let one carrier fly what is near or far, as in training, or any; each column is as ever.

    No straight line leads from one column to the other: their own check does not see it.
    """
    rows = flights(day(ahead))
    is_ends = np.abs(rows["distance"] - MIDDLE) > APART
    carriers = np.where(is_ends, "AA", "UA")
    if not go_together:
        carriers = np.random.default_rng(ahead).permutation(carriers)
    return rows.assign(carrier=carriers)


def truths_of(rows: pd.DataFrame, config: ModelConfig) -> pd.Series:
    chance = np.random.default_rng(len(rows)).normal(0, 300, len(rows))
    how_far = rows["distance"] + 1500 * (rows["carrier"] == "AA") + chance
    if config.target.classes:
        places = np.digitize(how_far, [FAR + 750, 3500])
        return pd.Series([config.target.classes[place] for place in places])
    if config.target.task == "regression":
        return rows["distance"] / 100 + 40 * (rows["carrier"] == "AA") + chance / 100 + 5
    return (how_far + chance > FAR + 250).astype(int)


def lands(watched: WatchedModel, ahead: int, *, go_together: bool) -> None:
    rows = rows_of(ahead, go_together=go_together)
    watched.lands(day(ahead), rows)
    labels = pd.DataFrame(
        {
            "flight_id": rows["flight_id"],
            watched.config.target.column: truths_of(rows, watched.config),
        }
    )
    watched.puts(watched.config.data.labels, day(ahead), parquet_of(labels))


def trained(folder: Path, config: ModelConfig) -> WatchedModel:
    watched = WatchedModel(folder, config)
    for ahead in range(LEARNED + KEPT_BACK):
        lands(watched, ahead, go_together=True)
    watched.it_is(day(LEARNED + KEPT_BACK + 2))
    assert retrain("flights", "watchkeeper", "cadence", watched.ports).decision == "trained"
    return watched


def serves(watched: WatchedModel, *, go_together: bool) -> None:
    first = LEARNED + KEPT_BACK
    for ahead in range(first, first + SERVED):
        watched.it_is(day(ahead + 1))
        lands(watched, ahead, go_together=go_together)
        check_partition("flights", day(ahead), watched.ports)
        score("flights", day(ahead), watched.ports)


def told(watched: WatchedModel) -> Alert:
    [alert] = watched.alerts()
    assert alert.rule == "skew"
    return alert


@pytest.mark.parametrize(
    ("config", "column", "said"),
    [
        (A_PROBABILITY, "prediction", "`prediction`: mean 0."),
        (SOME_CLASSES, "prediction", "`prediction`: "),
        (A_NUMBER, "prediction", "`prediction`: 25th percentile 25.4 min; "),
    ],
    ids=["a probability", "classes", "a number"],
)
def test_predictions_alone_that_left_the_training_are_told_once(
    tmp_path: Path, config: ModelConfig, column: str, said: str
) -> None:
    watched = trained(tmp_path, config)

    serves(watched, go_together=False)

    evidence = told(watched).evidence
    assert [(blame.column, blame.is_output) for blame in evidence.blamed] == [(column, True)]
    assert (evidence.error_class, evidence.severity) == (ErrorClass.DRIFT, Severity.WARN)
    assert evidence.summary.startswith(said)
    assert "; the champion predicted for days held out of its training " in evidence.summary
    assert evidence.next_step.startswith("Its columns are as in its training")


def test_predictions_like_those_of_held_out_days_are_no_news(tmp_path: Path) -> None:
    watched = trained(tmp_path, A_PROBABILITY)

    serves(watched, go_together=True)

    assert watched.alerts() == []
    champion = watched.version(watched.serving().champion)
    judged = watched.ports.records.get(SkewJudged, SkewJudged.id_of(champion.id))
    assert judged is not None
    assert 0 <= judged.score < 1


def test_what_a_sensitive_number_was_is_not_said(tmp_path: Path) -> None:
    watched = trained(tmp_path, config_of(NUMBER, "Ridge", sensitive=("delay",)))

    serves(watched, go_together=False)

    assert told(watched).evidence.summary == (
        "`prediction`: it has left what the champion predicted for days held out of its training"
    )


def test_a_version_whose_held_out_days_cannot_be_read_serves_and_is_not_compared(
    tmp_path: Path,
) -> None:
    watched = trained(tmp_path, A_PROBABILITY)
    champion = watched.version(watched.serving().champion)
    watched.ports.objects.put(champion.held_out_key or "", b"damaged")

    serves(watched, go_together=False)

    assert watched.alerts() == []


def test_no_row_is_predicted_by_a_model_that_learned_from_it(tmp_path: Path) -> None:
    """A tree that may grow without end is sure of each row it was shown, and of no other."""
    rng = np.random.default_rng(0)
    tree = a_config(
        training=training(estimator="DecisionTreeRegressor", window_days=20, validation_days=2),
        target=NUMBER,
    )
    watched = WatchedModel(tmp_path, tree)
    by_chance: dict[str, float] = {}
    for ahead in range(20):
        rows = flights(day(ahead))
        watched.lands(day(ahead), rows)
        delays = rng.uniform(0, 100, len(rows))
        by_chance[day(ahead)] = float(delays.mean())
        labels = pd.DataFrame({"flight_id": rows["flight_id"], "delay": delays})
        watched.puts(watched.config.data.labels, day(ahead), parquet_of(labels))
    watched.it_is(day(22))
    version = watched.version(retrain("flights", "watchkeeper", "asked", watched.ports).version)

    kept = reference_in_use(version.held_out_key, watched.ports)

    assert kept is not None
    reference = kept.reference
    assert reference.partitions == tuple(day(ahead) for ahead in (*range(0, 18, 2), 18, 19))
    series, values = statistics(reference.summaries, reference.ruler)
    of_mean = Series("prediction", Statistic.MEAN)
    means = values[:, series.index(of_mean)]
    said = in_units(of_mean, means, reference.ruler.columns["prediction"])
    right = np.array([by_chance[name] for name in reference.partitions])
    assert np.abs(said - right).min() > 1e-6


def test_where_another_system_predicts_there_is_no_training_to_compare_with(
    tmp_path: Path,
) -> None:
    watched = WatchedModel(tmp_path, served_elsewhere())
    for ahead in range(LEARNED):
        watched.lands(day(ahead), rows_of(ahead, go_together=True))
    retrain("flights", "watchkeeper", "cadence", watched.ports)
    first = LEARNED
    for ahead in range(first, first + SERVED):
        rows = rows_of(ahead, go_together=True)
        watched.lands(day(ahead), rows)
        scores = pd.DataFrame(
            {"flight_id": rows["flight_id"], "probability": rows["distance"] / 3e3}
        )
        watched.puts("others/scores", day(ahead), parquet_of(scores))
        check_partition("flights", day(ahead), watched.ports)
        score("flights", day(ahead), watched.ports)

    assert watched.alerts() == []
    assert list(watched.ports.objects.list("summaries/flights/held-out/")) == []
