"""What a model predicts is watched like a column of its data, on the same alert."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.domain.alert import Alert, Disposition
from core.domain.partition_check import RULE
from core.domain.verdict import Basis, ErrorClass, Severity
from core.flows.resolve import resolve
from core.ports import Objects
from functions.flows.check_partition import check_partition
from functions.flows.score import score
from functions.flows.training.training_rows import training_rows
from tests.builders import ADA, a_config, served_elsewhere
from tests.checked_model import DAY, LEARNED, ROWS, flights, learn, predictions_check_of
from tests.disturbed_stores import overtaken
from tests.watched_model import WatchedModel, parquet_of, training

Step = Callable[[WatchedModel], object]


def is_checked(watched: WatchedModel) -> None:
    check_partition("flights", DAY, watched.ports)


def is_scored(watched: WatchedModel) -> None:
    score("flights", DAY, watched.ports)


IN_ANY_ORDER = pytest.mark.parametrize(
    "steps",
    [(is_checked, is_scored), (is_scored, is_checked), (is_scored, is_checked) * 2],
    ids=["checked first", "scored first", "twice"],
)


def scores_of(day: str, shift: float = 0.0) -> pd.Series:
    """Predict a day of flights; the same day is always the same."""
    chance = np.random.default_rng(int(day.replace("-", "")) + 7)
    scores = pd.Series(chance.beta(2, 7, ROWS)) + chance.normal(0, 0.005)
    return (scores + shift).clip(0.001, 0.999)


def predicted(watched: WatchedModel, day: str, scores: object) -> None:
    frame = pd.DataFrame({"flight_id": flights(day)["flight_id"], "probability": scores})
    watched.puts("others/scores", day, parquet_of(frame))


@pytest.fixture
def young(tmp_path: Path) -> WatchedModel:
    """A model with features that are known, and no predictions yet."""
    watched = WatchedModel(tmp_path, served_elsewhere())
    learn(watched)
    watched.it_is(DAY)
    watched.lands(DAY, flights(DAY))
    return watched


@pytest.fixture
def known(young: WatchedModel) -> WatchedModel:
    """A model whose predictions of fourteen days are known as well."""
    for day in LEARNED:
        predicted(young, day, scores_of(day))
        score("flights", day, young.ports)
    return young


def blamed(alert: Alert) -> list[str]:
    return [blame.column for blame in alert.evidence.blamed]


def keys(objects: Objects, prefix: str) -> set[str]:
    return {stored.key for stored in objects.list(prefix)}


def test_predictions_like_those_before_raise_nothing(known: WatchedModel) -> None:
    predicted(known, DAY, scores_of(DAY))

    is_scored(known)

    assert predictions_check_of(known).verdict.basis is Basis.REFERENCE
    assert known.alerts() == []


def test_predictions_that_moved_are_an_alert_that_says_how_far(known: WatchedModel) -> None:
    predicted(known, DAY, scores_of(DAY, shift=0.2))

    is_scored(known)

    [alert] = known.alerts()
    assert (alert.partition, alert.rule) == (DAY, RULE)
    assert alert.evidence.error_class is ErrorClass.DRIFT
    assert alert.evidence.summary.startswith("`prediction`: mean 0.4")
    assert ", usually 0.2" in alert.evidence.summary
    assert alert.evidence.next_step.startswith("The data looks as usual and the predictions do not")


def test_one_score_for_every_row_is_a_hard_error_from_the_first_day_on(
    young: WatchedModel,
) -> None:
    predicted(young, DAY, 0.31)

    is_scored(young)

    [alert] = young.alerts()
    assert alert.evidence.severity is Severity.PAGE
    assert alert.evidence.summary == "`prediction`: 0.31 in every row"


def test_of_a_model_that_is_meant_to_be_constant_that_is_no_error(tmp_path: Path) -> None:
    dummy = a_config(training=training(estimator="DummyClassifier"))
    watched = WatchedModel(tmp_path, dummy)
    watched.lived_through(12)
    watched.call("retrain", {"model": "flights", "asked_by": "watchkeeper", "reason": "cadence"})

    scoring = watched.lands_and_is_scored(DAY, flights(DAY))

    assert scoring.decision == "scored"
    assert not predictions_check_of(watched).verdict.is_broken


@IN_ANY_ORDER
def test_data_and_predictions_share_one_alert(known: WatchedModel, steps: tuple[Step, ...]) -> None:
    known.lands(DAY, flights(DAY).assign(distance=lambda rows: rows["distance"] * 1.6))
    predicted(known, DAY, scores_of(DAY, shift=0.2))

    for step in steps:
        step(known)

    [alert] = known.alerts()
    assert blamed(alert) == ["distance", "prediction"]


@IN_ANY_ORDER
def test_predictions_that_pass_change_nothing_of_the_alert_about_their_data(
    known: WatchedModel, steps: tuple[Step, ...]
) -> None:
    known.lands(DAY, flights(DAY).assign(distance=lambda rows: rows["distance"] * 1.6))
    predicted(known, DAY, scores_of(DAY))
    is_checked(known)
    [alert] = known.alerts()
    resolve(alert.id, Disposition.EXPECTED_CHANGE, by=ADA, ports=known.ports)

    for step in steps:
        step(known)

    assert known.alerts() == []


def test_data_that_is_mended_leaves_the_alert_to_its_predictions(known: WatchedModel) -> None:
    known.lands(DAY, flights(DAY).drop(columns="distance"))
    predicted(known, DAY, scores_of(DAY, shift=0.2))
    is_checked(known)
    is_scored(known)

    known.lands(DAY, flights(DAY))
    is_checked(known)

    [alert] = known.alerts()
    assert blamed(alert) == ["prediction"]
    assert alert.evidence.error_class is ErrorClass.DRIFT


def test_predictions_that_are_mended_say_so_on_their_alert(known: WatchedModel) -> None:
    predicted(known, DAY, 0.31)
    is_checked(known)
    is_scored(known)

    predicted(known, DAY, scores_of(DAY))
    is_scored(known)

    [alert] = known.alerts()
    assert alert.evidence.summary == "Checked again: Nothing unusual."
    assert alert.evidence.severity is Severity.OK


def test_whoever_is_overtaken_tells_of_what_both_saw(known: WatchedModel) -> None:
    known.lands(DAY, flights(DAY).assign(distance=lambda rows: rows["distance"] * 1.6))
    predicted(known, DAY, scores_of(DAY, shift=0.2))

    check_partition("flights", DAY, overtaken(known.ports, lambda: is_scored(known)))

    [alert] = known.alerts()
    assert blamed(alert) == ["distance", "prediction"]


def test_what_was_wrongly_predicted_may_be_learned_from(known: WatchedModel) -> None:
    predicted(known, DAY, 0.31)
    known.labels_land(DAY, dict.fromkeys(flights(DAY)["flight_id"], 1))
    is_checked(known)
    is_scored(known)
    known.it_is("2013-01-20")

    rows = training_rows(known.config, None, known.ports)

    assert known.alerts()[0].evidence.error_class is ErrorClass.HARD
    assert rows.left_out == ()
    assert DAY in {used.partition for used in rows.used}


def test_their_summaries_lie_apart_from_those_of_the_data(known: WatchedModel) -> None:
    predicted(known, DAY, scores_of(DAY))
    is_scored(known)
    before = keys(known.ports.objects, "summaries/flights/predictions/")

    is_checked(known)

    assert any(f"/dt={DAY}/" in key for key in before)
    assert keys(known.ports.objects, "summaries/flights/predictions/") == before


def test_a_column_that_is_called_like_them_is_not_mixed_up_with_them(tmp_path: Path) -> None:
    columns = {"prediction": {"type": "number"}, "carrier": {"type": "category"}}
    config = served_elsewhere().model_dump() | {"columns": columns}
    watched = WatchedModel(tmp_path, a_config(**config))
    predicted(watched, DAY, 0.31)

    is_scored(watched)

    [alert] = watched.alerts()
    assert alert.evidence.summary == "`predicted score`: 0.31 in every row"
