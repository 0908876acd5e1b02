"""`watchkeeper init` tells what is predicted, by whom, and when its labels come."""

from pathlib import Path

import pandas as pd
import pytest

from tests.scenarios.laid_out import labels_of, put, written
from tests.terminal import ran
from tests.watched_model import day, parquet_of, some_flights, some_labels


def test_a_target_among_the_features_is_no_feature(tmp_path: Path) -> None:
    for ahead in range(3):
        frame = some_flights(day(ahead)).assign(late=list(some_labels(day(ahead)).values()))
        put(tmp_path / "trips", day(ahead), parquet_of(frame))

    config, _ = written(tmp_path / "trips", tmp_path / "x.yaml")

    assert (config.target.column, config.data.labels) == ("late", "trips")
    assert "late" not in config.columns


def test_predictions_of_another_system_are_watched_as_such(
    tmp_path: Path, few_flights: Path
) -> None:
    for ahead in range(4):
        ids = some_flights(day(ahead))["flight_id"]
        scores = pd.DataFrame(
            {"flight_id": ids, "probability": [i / len(ids) for i in range(len(ids))]}
        )
        put(few_flights / "scores", day(ahead), parquet_of(scores))

    config, _ = written(few_flights, tmp_path / "x.yaml")

    assert config.serving == "elsewhere"
    assert config.data.predictions is not None
    assert config.data.predictions.prefix == "trips/scores"
    assert config.data.predictions.score == "probability"


@pytest.mark.parametrize("values", [("on time", "late", "yes, but"), (1, 2, 3)], ids=str)
def test_classes_of_labels_are_listed_so_that_they_read_as_they_are(
    tmp_path: Path, few_flights: Path, values: tuple[object, ...]
) -> None:
    for ahead in range(4):
        ids = some_flights(day(ahead))["flight_id"]
        how = [values[i % 3] for i in range(len(ids))]
        put(
            few_flights / "labels",
            day(ahead),
            parquet_of(pd.DataFrame({"flight_id": ids, "how": how})),
        )

    config, said = written(few_flights, tmp_path / "x.yaml")

    assert config.target.task == "multiclass"
    assert config.target.classes == tuple(sorted(str(value) for value in values))
    assert config.training.estimator == "HistGradientBoostingClassifier"
    assert "  target.classes: whether there are more than these 3" in said


def test_a_number_among_the_labels_is_predicted_by_a_regressor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few_flights: Path
) -> None:
    for ahead in range(4):
        flights = some_flights(day(ahead))
        labels = flights[["flight_id"]].assign(minutes=flights["distance"] / 7 - 30)
        put(few_flights / "labels", day(ahead), parquet_of(labels))

    config, said = written(few_flights, tmp_path / "x.yaml")

    assert config.target.task == "regression"
    assert config.target.between is not None
    assert -30 < config.target.between[0] < config.target.between[1] < 3000 / 7
    assert config.training.estimator == "HistGradientBoostingRegressor"
    assert any(line.startswith("  target.between: ") for line in said)
    assert ran(monkeypatch, "validate", str(tmp_path / "x.yaml")) == 0


@pytest.mark.parametrize(("named", "is_open"), [("p_{}", False), ("x{}", True)])
def test_probabilities_of_classes_that_another_system_predicts_are_found_by_name(
    tmp_path: Path, few_flights: Path, named: str, *, is_open: bool
) -> None:
    classes = ["early", "late", "on time"]
    for ahead in range(4):
        ids = some_flights(day(ahead))["flight_id"]
        how = [classes[i % 3] for i in range(len(ids))]
        labels = pd.DataFrame({"flight_id": ids, "how": how})
        put(few_flights / "labels", day(ahead), parquet_of(labels))
        shares = {
            named.format(name if not is_open else at): [(i % 5) / 10 for i in range(len(ids))]
            for at, name in enumerate(classes)
        }
        put(
            few_flights / "scores",
            day(ahead),
            parquet_of(pd.DataFrame({"flight_id": ids, **shares})),
        )

    config, said = written(few_flights, tmp_path / "x.yaml")

    assert config.serving == "elsewhere"
    assert config.data.predictions is not None
    expected = ("DECIDE_SCORE",) * 3 if is_open else ("p_early", "p_late", "p_on time")
    assert config.data.predictions.scores == expected
    assert any("data.predictions.scores" in line for line in said) is is_open


def test_sides_are_told_by_what_they_hold_where_names_say_nothing(tmp_path: Path) -> None:
    for ahead in range(3):
        put(tmp_path / "dump/wide", day(ahead), parquet_of(some_flights(day(ahead))))
        put(tmp_path / "dump/facts", day(ahead), labels_of(day(ahead)))
        put(tmp_path / "dump/other", day(ahead), parquet_of(pd.DataFrame({"x": [1.0]})))

    config, said = written(tmp_path / "dump", tmp_path / "x.yaml")

    assert (config.data.features, config.data.labels) == ("dump/wide", "dump/facts")
    assert "Note: dump/other is not used." in said


def test_labels_that_lag_behind_say_how_late_they_come(tmp_path: Path) -> None:
    for ahead in range(10):
        put(tmp_path / "trips/features", day(ahead), parquet_of(some_flights(day(ahead))))
        if ahead < 7:
            put(tmp_path / "trips/labels", day(ahead), labels_of(day(ahead)))

    config, _ = written(tmp_path / "trips", tmp_path / "x.yaml")

    assert config.target.delay_days == 3
