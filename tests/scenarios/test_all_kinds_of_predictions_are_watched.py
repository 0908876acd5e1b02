"""Classes and numbers that are predicted are watched like columns of the data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.domain.model_config import ModelConfig
from core.domain.verdict import Basis, ErrorClass, Severity
from functions.flows.join_labels import join_labels
from functions.flows.score import score
from tests.builders import a_config
from tests.checked_model import DAY, LEARNED, ROWS, flights, learn, predictions_check_of
from tests.watched_model import WatchedModel, parquet_of

CLASSES = ("on time", "late", "cancelled")
CLASS_COLUMNS = ("p_on_time", "p_late", "p_cancelled")


def of_classes(**changes: Any) -> ModelConfig:
    """Classes that another system predicts."""
    predictions = {"prefix": "others/scores", "scores": CLASS_COLUMNS}
    data = a_config().data.model_dump() | {"predictions": predictions}
    target = {"column": "how", "task": "multiclass", "classes": CLASSES, "delay_days": 1}
    return a_config(serving="elsewhere", data=data, target=target, **changes)


def of_numbers(**changes: Any) -> ModelConfig:
    """A number that another system predicts."""
    predictions = {"prefix": "others/scores", "score": "minutes"}
    data = a_config().data.model_dump() | {"predictions": predictions}
    target = {
        "column": "delay",
        "task": "regression",
        "between": (-30, 300),
        "unit": "min",
        "delay_days": 1,
    }
    return a_config(serving="elsewhere", data=data, target=target, **changes)


def classes_of(day: str, late: float = 4.0) -> pd.DataFrame:
    """Predict how flights of a day arrive; the same day is always the same."""
    chance = np.random.default_rng(int(day.replace("-", "")) + 7)
    shares = chance.dirichlet((8.0, late, 1.0), ROWS)
    frame = pd.DataFrame(shares, columns=list(CLASS_COLUMNS))
    return frame.assign(flight_id=flights(day)["flight_id"])


def numbers_of(day: str, more: float = 0.0) -> pd.DataFrame:
    """Predict how many minutes late the flights of a day are."""
    chance = np.random.default_rng(int(day.replace("-", "")) + 7)
    minutes = chance.gamma(4.0, 5.0, ROWS) - 10 + more
    return pd.DataFrame({"flight_id": flights(day)["flight_id"], "minutes": minutes})


def predicted(watched: WatchedModel, day: str, frame: pd.DataFrame) -> None:
    watched.puts("others/scores", day, parquet_of(frame))
    score("flights", day, watched.ports)


def known(
    folder: Path, config: ModelConfig, predictions: Callable[[str], pd.DataFrame]
) -> WatchedModel:
    """Watch a model whose data and predictions of fourteen days are known."""
    watched = WatchedModel(folder, config)
    learn(watched)
    watched.it_is(DAY)
    watched.lands(DAY, flights(DAY))
    for day in LEARNED:
        predicted(watched, day, predictions(day))
    return watched


def test_classes_and_numbers_like_those_before_raise_nothing(tmp_path: Path) -> None:
    classes = known(tmp_path / "classes", of_classes(), classes_of)
    numbers = known(tmp_path / "numbers", of_numbers(), numbers_of)

    predicted(classes, DAY, classes_of(DAY))
    predicted(numbers, DAY, numbers_of(DAY))

    for watched in (classes, numbers):
        assert predictions_check_of(watched).verdict.basis is Basis.REFERENCE
        assert watched.alerts() == []


def test_a_class_that_is_hardly_decided_for_any_more_is_an_alert_that_names_it(
    tmp_path: Path,
) -> None:
    watched = known(tmp_path, of_classes(), classes_of)

    predicted(watched, DAY, classes_of(DAY, late=16.0))

    alert = watched.only_alert()
    assert alert.evidence.error_class is ErrorClass.DRIFT
    assert alert.evidence.summary.startswith("`prediction`: 1.5 % `on time`, usually 8")


def test_classes_that_are_decided_for_with_less_certainty_are_an_alert(tmp_path: Path) -> None:
    watched = known(tmp_path, of_classes(), classes_of)
    less = classes_of(DAY)
    shares = less[list(CLASS_COLUMNS)]
    less[list(CLASS_COLUMNS)] = shares * 0.4 + 0.2

    predicted(watched, DAY, less)

    blamed = {blame.column for blame in watched.only_alert().evidence.blamed}
    assert blamed == {"top probability"}


def test_numbers_that_moved_are_an_alert_with_their_unit(tmp_path: Path) -> None:
    watched = known(tmp_path, of_numbers(), numbers_of)

    predicted(watched, DAY, numbers_of(DAY, more=12.0))

    alert = watched.only_alert()
    assert alert.evidence.error_class is ErrorClass.DRIFT
    assert alert.evidence.summary.startswith("`prediction`: mean 2")
    assert " min, usually " in alert.evidence.summary


def test_numbers_of_a_sensitive_target_are_an_alert_without_values(tmp_path: Path) -> None:
    watched = known(tmp_path, of_numbers(sensitive=("delay",)), numbers_of)

    predicted(watched, DAY, numbers_of(DAY, more=12.0))

    summary = watched.only_alert().evidence.summary
    assert "times as far as its limit" in summary
    assert "usually" not in summary


@pytest.mark.parametrize(
    ("config", "frame", "said"),
    [
        (of_numbers(), numbers_of(DAY).assign(minutes=12.5), "12.5 min in every row"),
        (
            of_numbers(sensitive=("delay",)),
            numbers_of(DAY).assign(minutes=12.5),
            "the same in every row",
        ),
        (
            of_classes(),
            classes_of(DAY).assign(p_on_time=0.2, p_late=0.7, p_cancelled=0.1),
            "`late` in every row",
        ),
    ],
    ids=["a number", "a sensitive number", "a class"],
)
def test_the_same_for_every_row_is_a_hard_error_from_the_first_day_on(
    tmp_path: Path, config: ModelConfig, frame: pd.DataFrame, said: str
) -> None:
    watched = WatchedModel(tmp_path, config)
    watched.it_is(DAY)

    predicted(watched, DAY, frame)

    alert = watched.only_alert()
    assert alert.evidence.severity is Severity.PAGE
    assert alert.evidence.summary == f"`prediction`: {said}"


def test_a_day_on_which_one_class_wins_everywhere_is_not_constant(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, of_classes())
    watched.it_is(DAY)
    sure = np.linspace(0.6, 0.9, ROWS)
    rest = (1 - sure) / 2

    predicted(watched, DAY, classes_of(DAY).assign(p_on_time=sure, p_late=rest, p_cancelled=rest))

    assert watched.alerts() == []


def test_when_the_task_changes_predictions_are_learned_anew(tmp_path: Path) -> None:
    watched = known(tmp_path, of_numbers(), numbers_of)
    predicted(watched, DAY, numbers_of(DAY))
    assert predictions_check_of(watched).verdict.basis is Basis.REFERENCE
    watched.apply(of_classes())

    predicted(watched, DAY, classes_of(DAY))

    assert predictions_check_of(watched).verdict.basis is Basis.TOO_FEW_DAYS
    assert watched.alerts() == []


@pytest.mark.parametrize(
    ("config", "frame", "said"),
    [
        (of_numbers(), numbers_of(DAY).assign(minutes=np.inf), "a finite number in every row"),
        (of_classes(), classes_of(DAY).assign(p_late=1.2), "`p_late` that holds a probability"),
        (
            of_classes(),
            classes_of(DAY).assign(p_on_time=0.5, p_late=0.5, p_cancelled=0.4),
            "together are 1 in every row, but in one of them they are 1.4",
        ),
    ],
    ids=["infinite", "no probability", "not 1"],
)
def test_predictions_that_cannot_be_are_refused_in_words(
    tmp_path: Path, config: ModelConfig, frame: pd.DataFrame, said: str
) -> None:
    watched = WatchedModel(tmp_path, config)
    watched.it_is(DAY)

    predicted(watched, DAY, frame)

    assert said in watched.only_alert().evidence.summary


def test_labels_are_booked_to_classes_that_another_system_predicted(tmp_path: Path) -> None:
    watched = WatchedModel(tmp_path, of_classes())
    watched.it_is(DAY)
    frame = classes_of(DAY)
    predicted(watched, DAY, frame)
    likeliest = frame[list(CLASS_COLUMNS)].to_numpy().argmax(axis=1)
    labels = pd.DataFrame(
        {"flight_id": frame["flight_id"], "how": [CLASSES[place] for place in likeliest]}
    )
    watched.puts("flights/labels", DAY, parquet_of(labels))

    join_labels("flights", DAY, watched.ports)

    assert watched.cohort(DAY).served.accuracy == 1
